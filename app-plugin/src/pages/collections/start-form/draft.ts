import type { CollectableWindows, CreateCollectionInput } from '@amc-reports/collector-service/contract';
import { NO_SCHEDULE, nameMistake, toChoice, type ScheduleDraft } from '../../../components/schedule-draft';
import type { IsoDate } from '../../../format/days';
import { countWindows, windowNoun } from '../../../wording/windows';

/** The form as the person filled it so far. Windows are named by their Mondays. */
export interface Draft {
  readonly instance: string | null;
  readonly dataset: string | null;
  readonly mode: 'newest' | 'range';
  /** As typed; null for what the form proposes. */
  readonly count: string | null;
  readonly firstWeek: IsoDate | null;
  readonly lastWeek: IsoDate | null;
  readonly name: string;
  readonly schedule: ScheduleDraft;
}

export type DraftField = Exclude<keyof Draft, 'mode'>;
export type Mistakes = Partial<Record<DraftField, string>>;
type Windows = CollectableWindows['windows'];

export const EMPTY_DRAFT: Draft = {
  instance: null,
  dataset: null,
  mode: 'newest',
  count: null,
  firstWeek: null,
  lastWeek: null,
  name: '',
  schedule: { choice: NO_SCHEDULE, name: '' },
};

/** A year of weeks, as the shipped dashboards compare with the year before; of longer windows those of a year too. */
const PROPOSED = 52;

/** How many of the newest, as typed or as proposed. */
export const countIn = ({ count }: Draft, windows: Windows): string => count ?? String(Math.min(PROPOSED, windows.length));

export interface Range {
  readonly first: Windows[number];
  readonly last: Windows[number];
  readonly count: number;
}

/** First and last window and how many they are, when the draft says them clearly. `windows` are the newest first. */
export function rangeOf(draft: Draft, windows: Windows): Range | undefined {
  const at = (week: IsoDate | null) => windows.findIndex((each) => each.week === week);
  const [newest, oldest] = draft.mode === 'newest' ? [0, Number(countIn(draft, windows)) - 1] : [at(draft.lastWeek), at(draft.firstWeek)];
  const [last, first] = [windows[newest], windows[oldest]];
  return first && last && newest <= oldest ? { first, last, count: oldest - newest + 1 } : undefined;
}

/** What must be put right before it is worth asking the collector. `collectable` is unknown until instance and dataset are chosen. */
export function mistakesOf(draft: Draft, collectable: CollectableWindows | undefined): Mistakes {
  const mistakes: Mistakes = {};
  if (!draft.instance) mistakes.instance = 'Choose an instance';
  if (!draft.dataset) mistakes.dataset = 'Choose a dataset';
  if (draft.name.trim().length > 100) mistakes.name = 'A name has at most 100 characters';
  const schedule = nameMistake(draft.schedule);
  if (schedule !== undefined) mistakes.schedule = schedule;
  return collectable ? { ...mistakes, ...rangeMistakes(draft, collectable) } : mistakes;
}

function rangeMistakes(draft: Draft, { window, windows }: CollectableWindows): Mistakes {
  const noun = windowNoun(window);
  if (draft.mode === 'newest') {
    const count = Number(countIn(draft, windows));
    if (!Number.isInteger(count) || count < 1) return { count: `A whole number of ${noun}s, at least 1` };
    return count > windows.length ? { count: `Amazon keeps 13 months: at most ${countWindows(windows.length, window)} now` } : {};
  }
  const { firstWeek, lastWeek } = draft;
  if (firstWeek && lastWeek && firstWeek > lastWeek) return { lastWeek: `The last ${noun} is before the first` };
  return {
    ...(!firstWeek && { firstWeek: `Choose the first ${noun}` }),
    ...(!lastWeek && { lastWeek: `Choose the last ${noun}` }),
  };
}

/** What the collector is asked for: exactly what the preview showed. Only for a draft without mistakes. */
export function toInput({ instance, dataset, name, schedule }: Draft, { first, last }: Range): CreateCollectionInput {
  const choice = toChoice(schedule);
  return {
    instance: instance!,
    dataset: dataset!,
    firstWeek: first.week,
    lastWeek: last.week,
    ...(name.trim() && { name: name.trim() }),
    ...(choice && { schedule: choice }),
  };
}
