import { addDays, daysBetween, firstOfMonth, mondayOf, nextMonth, type IsoDate } from '../../../ground/calendar/week.ts';
import { anchorOf, WINDOW_WEEKS, type WindowDays, type WindowKind } from '../../../ground/calendar/window.ts';
import { WINDOWS } from '../../../contract/window.ts';
import type { Range } from './buckets.ts';

/** What a total over a range asks of counts that cannot be added. */
export interface WindowAsked {
  days: WindowDays;
  /** Windows with exactly these days, by kind; most ranges have none. */
  windows: { kind: WindowKind; anchor: IsoDate }[];
}

const DAY_MS = 86_400_000;
/** Dates that are written with four digits: whatever lies outside, no execution covers. */
const LATEST_MS = Date.parse('9999-12-01T00:00:00Z');

/** The first local day that begins at or after an instant (a bucket's time is UTC midnight of its local date). */
const dayFrom = (ms: number): IsoDate =>
  new Date(Math.ceil(Math.min(LATEST_MS, Math.max(0, ms)) / DAY_MS) * DAY_MS).toISOString().slice(0, 10);

/**
 * The days that a total over the range stands for: the month, when the range is one to the day; otherwise the complete weeks that
 * begin in it, as for every other total. Null when no week does.
 * @param newest Monday of the newest complete week
 */
export function windowAsked(range: Range, newest: IsoDate): WindowAsked | null {
  const [from, to] = [dayFrom(range.from), dayFrom(range.to)];
  const isMonth = firstOfMonth(from) === from && nextMonth(from) === to;
  const days = isMonth ? { start: from, end: to } : wholeWeeks(from, to, newest);
  if (days === null) return null;
  const windows = WINDOWS.flatMap((kind) => {
    const anchor = anchorOf(kind, days);
    return anchor === null ? [] : [{ kind, anchor }];
  });
  return { days, windows };
}

function wholeWeeks(from: IsoDate, to: IsoDate, newest: IsoDate): WindowDays | null {
  const monday = mondayOf(from);
  const first = monday === from ? monday : addDays(monday, 7);
  const last = mondayOf(addDays(to, -1));
  const end = addDays(last < newest ? last : newest, 7);
  return first < end ? { start: first, end } : null;
}

/** "3 weeks", "month". */
export function lengthOf({ start, end }: WindowDays): string {
  const weeks = daysBetween(start, end) / 7;
  if (!Number.isInteger(weeks)) return 'a month';
  return weeks === WINDOW_WEEKS.week ? '1 week' : `${weeks} weeks`;
}
