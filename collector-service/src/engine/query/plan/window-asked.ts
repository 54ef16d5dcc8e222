import { addDays, daysBetween, firstOfMonth, mondayOf, nextMonth, type IsoDate } from '../../../ground/calendar/week.ts';
import { anchorOf, WINDOW_WEEKS, type WindowDays, type WindowKind } from '../../../ground/calendar/window.ts';
import { WINDOWS } from '../../../contract/window.ts';
import type { Days } from './local-days.ts';

/** What a total over a range asks of counts that cannot be added. */
export interface WindowAsked {
  days: WindowDays;
  /** Windows with exactly these days, by kind; most ranges have none. */
  windows: { kind: WindowKind; anchor: IsoDate }[];
}

/**
 * The days that a total over days of whole weeks stands for: the month, when the days are one; otherwise the complete weeks that lie
 * in them. Null when no week does.
 * @param newest Monday of the newest complete week
 */
export function windowAsked({ start: from, end: to }: Days, newest: IsoDate): WindowAsked | null {
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
  const last = addDays(mondayOf(to), -7);
  const end = addDays(last < newest ? last : newest, 7);
  return first < end ? { start: first, end } : null;
}

/** "3 weeks", "month". */
export function lengthOf({ start, end }: WindowDays): string {
  const weeks = daysBetween(start, end) / 7;
  if (!Number.isInteger(weeks)) return 'a month';
  return weeks === WINDOW_WEEKS.week ? '1 week' : `${weeks} weeks`;
}
