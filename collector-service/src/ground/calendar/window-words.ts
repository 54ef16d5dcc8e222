import type { WindowKind } from '../../contract/window.ts';

/** So many weeks, as a sentence says it. */
export const formatWeeks = (count: number): string => formatWindows(count, ['week']);

const NOUNS: Readonly<Record<WindowKind, string>> = {
  week: 'week',
  month: 'month',
  '4_weeks': '4-week window',
  '13_weeks': '13-week window',
};

/** So many windows by their own name: '12 months', '49 4-week windows'; 'windows' when they are of several kinds. */
export const formatWindows = (count: number, kinds: readonly WindowKind[]): string =>
  `${count.toLocaleString('en')} ${windowNoun(count, kinds)}`;

export function windowNoun(count: number, kinds: readonly WindowKind[]): string {
  const [kind = 'week', ...others] = new Set(kinds);
  return `${others.length === 0 ? NOUNS[kind] : 'window'}${count === 1 ? '' : 's'}`;
}
