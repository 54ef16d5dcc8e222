import type { CreateCollectionInput } from '@amc-reports/collector-service/contract';
import { formatCount } from '../../../format/count';
import { weeksBetween, type IsoDate } from '../../../format/week';

/** The form as the person filled it so far. */
export interface Draft {
  readonly instance: string | null;
  readonly dataset: string | null;
  readonly mode: 'newest' | 'range';
  /** As typed. */
  readonly weeks: string;
  readonly firstWeek: IsoDate | null;
  readonly lastWeek: IsoDate | null;
  readonly name: string;
}

export type DraftField = Exclude<keyof Draft, 'mode'>;
export type Mistakes = Partial<Record<DraftField, string>>;

/** A year, as the shipped dashboards compare with the year before. */
export const EMPTY_DRAFT: Draft = { instance: null, dataset: null, mode: 'newest', weeks: '52', firstWeek: null, lastWeek: null, name: '' };

/** First and last Monday, when the draft says them clearly. `collectable` is the newest first. */
export function rangeOf(draft: Draft, collectable: readonly IsoDate[]): { first: IsoDate; last: IsoDate; count: number } | undefined {
  if (draft.mode === 'newest') {
    const count = Number(draft.weeks);
    const [last, first] = [collectable[0], collectable[count - 1]];
    return first && last ? { first, last, count } : undefined;
  }
  const { firstWeek: first, lastWeek: last } = draft;
  return first && last && first <= last ? { first, last, count: weeksBetween(first, last) } : undefined;
}

/** What must be put right before it is worth asking the collector. */
export function mistakesOf(draft: Draft, collectable: readonly IsoDate[]): Mistakes {
  const mistakes: Mistakes = {};
  if (!draft.instance) mistakes.instance = 'Choose an instance';
  if (!draft.dataset) mistakes.dataset = 'Choose a dataset';
  if (draft.name.trim().length > 100) mistakes.name = 'A name has at most 100 characters';
  if (draft.mode === 'newest') {
    const weeks = Number(draft.weeks);
    const most = collectable.length;
    if (!Number.isInteger(weeks) || weeks < 1) mistakes.weeks = 'A whole number of weeks, at least 1';
    else if (most > 0 && weeks > most) mistakes.weeks = `Amazon keeps 13 months: at most ${formatCount(most)} weeks now`;
  } else {
    if (!draft.firstWeek) mistakes.firstWeek = 'Choose the first week';
    if (!draft.lastWeek) mistakes.lastWeek = 'Choose the last week';
    if (draft.firstWeek && draft.lastWeek && draft.firstWeek > draft.lastWeek) mistakes.lastWeek = 'The last week is before the first';
  }
  return mistakes;
}

/** What the collector is asked for. Only for a draft without mistakes. */
export function toInput({ instance, dataset, mode, weeks, firstWeek, lastWeek, name }: Draft): CreateCollectionInput {
  const range = mode === 'newest' ? { weeks: Number(weeks) } : { firstWeek: firstWeek!, lastWeek: lastWeek! };
  return { instance: instance!, dataset: dataset!, ...range, ...(name.trim() && { name: name.trim() }) };
}
