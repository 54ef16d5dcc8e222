import { countOf } from '../format/count';
import type { WindowKind } from '../format/window';

/** What is collected one after the other, and what one of them is called where the reader knows which kind is meant. */
const NOUNS: Record<WindowKind, { readonly full: string; readonly short: string }> = {
  week: { full: 'week', short: 'week' },
  month: { full: 'month', short: 'month' },
  '4_weeks': { full: '4-week window', short: 'window' },
  '13_weeks': { full: '13-week window', short: 'window' },
};

/** 'week', 'month', '4-week window'. */
export const windowNoun = (kind: WindowKind): string => NOUNS[kind].full;
/** 'week', 'month', 'window'. */
export const shortNoun = (kind: WindowKind): string => NOUNS[kind].short;
/** '52 weeks', '1 month', '48 4-week windows'. */
export const countWindows = (count: number, kind: WindowKind): string => countOf(count, NOUNS[kind].full);

/** Windows of several collections, each kind for itself: '104 weeks, 12 months'; '0 weeks' when there are none. */
export function countKinds(collections: ReadonlyArray<{ window: WindowKind; count: number }>): string {
  const kinds = Object.keys(NOUNS) as WindowKind[];
  const sums = kinds.map((kind) => ({
    kind,
    sum: collections.reduce((sum, { window, count }) => (window === kind ? sum + count : sum), 0),
  }));
  const there = sums.filter(({ sum }) => sum > 0).map(({ kind, sum }) => countWindows(sum, kind));
  return there.length > 0 ? there.join(', ') : countWindows(0, 'week');
}
