import type { WindowKind } from '../../contract/window.ts';
import {
  addDays,
  firstOfMonth,
  localDate,
  mondayOf,
  mondays,
  newestCompleteWeek,
  nextMonth,
  oldestCollectableWeek,
  oldestKeptDay,
  type IsoDate,
} from './week.ts';

/**
 * Windows of executions. Whatever a window's length, its data are kept under one Monday, the anchor, so that everything that knows
 * weeks (runs, facts, roll-ups, slots) knows windows too. Windows of n weeks end with the anchor's week and exist for every Monday,
 * so they overlap; a month is anchored at the Monday whose week holds its first day, so only one Monday in four or five has one.
 */
export type { WindowKind } from '../../contract/window.ts';

/** Whole local days, half-open: from `start` 00:00 to `end` 00:00 in the instance's zone. */
export interface WindowDays {
  start: IsoDate;
  end: IsoDate;
}

/** Weeks that windows of weeks cover; null for months. */
export const WINDOW_WEEKS: Readonly<Record<WindowKind, number | null>> = { week: 1, '4_weeks': 4, '13_weeks': 13, month: null };

/** First day of the month that begins in the anchor's week, or null: most weeks begin no month. */
function monthOf(anchor: IsoDate): IsoDate | null {
  const first = firstOfMonth(addDays(anchor, 6));
  return first >= anchor ? first : null;
}

/** Whether a Monday has a window of this kind. */
export const isAnchor = (kind: WindowKind, week: IsoDate): boolean =>
  mondayOf(week) === week && (kind !== 'month' || monthOf(week) !== null);

/** The days of the window that is kept under a Monday. @throws RangeError for a Monday that has none (isAnchor tells) */
export function windowDays(kind: WindowKind, anchor: IsoDate): WindowDays {
  const weeks = WINDOW_WEEKS[kind];
  if (weeks !== null) return { start: addDays(anchor, -7 * (weeks - 1)), end: addDays(anchor, 7) };
  const first = monthOf(anchor);
  if (first === null) throw new RangeError(`No month begins in the week of ${anchor}`);
  return { start: first, end: nextMonth(first) };
}

/** The same days as a reader counts them: the first and the last, both included. @throws RangeError as windowDays */
export function daysOf(kind: WindowKind, anchor: IsoDate): { firstDay: IsoDate; lastDay: IsoDate } {
  const { start, end } = windowDays(kind, anchor);
  return { firstDay: start, lastDay: addDays(end, -1) };
}

/** The anchor of the window with exactly these days, or null when no window of this kind has them. */
export function anchorOf(kind: WindowKind, { start, end }: WindowDays): IsoDate | null {
  const anchor = kind === 'month' ? mondayOf(start) : addDays(end, -7);
  if (!isAnchor(kind, anchor)) return null;
  const days = windowDays(kind, anchor);
  return days.start === start && days.end === end ? anchor : null;
}

/** Anchors from one Monday to another, both included. */
export const anchors = (kind: WindowKind, first: IsoDate, last: IsoDate): IsoDate[] =>
  mondays(first, last).filter((week) => isAnchor(kind, week));

/** Amazon promises data 48 hours after an event (reference/amc.md §4.1), so a window is complete two days after its end. */
const LAG_MS = 2 * 86_400_000;

/** Anchor of the newest window that ended, in the zone, at least 48 hours before now. */
export function newestCompleteAnchor(kind: WindowKind, now: Date, timeZone: string): IsoDate {
  if (kind !== 'month') return newestCompleteWeek(now, timeZone);
  const thisMonth = firstOfMonth(localDate(new Date(now.getTime() - LAG_MS), timeZone));
  return mondayOf(firstOfMonth(addDays(thisMonth, -1)));
}

/** Anchor of the oldest window that Amazon still has whole: it keeps 13 months (reference/amc.md §4.1). */
export function oldestCollectableAnchor(kind: WindowKind, now: Date, timeZone: string): IsoDate {
  const weeks = WINDOW_WEEKS[kind];
  if (weeks !== null) return addDays(oldestCollectableWeek(now, timeZone), 7 * (weeks - 1));
  const date = oldestKeptDay(now, timeZone);
  const first = firstOfMonth(date);
  return mondayOf(first === date ? first : nextMonth(first));
}

const TITLES: Readonly<Record<WindowKind, string>> = { week: 'week', '4_weeks': '4 weeks', '13_weeks': '13 weeks', month: 'month' };

/** "week", "4 weeks", "13 weeks", "month". */
export const windowTitle = (kind: WindowKind): string => TITLES[kind];

/** A window as a reader finds it: "week of 2026-10-19", "4 weeks ending 2026-10-25", "month 2026-09". */
export function windowName(kind: WindowKind, anchor: IsoDate): string {
  if (kind === 'week') return `week of ${anchor}`;
  const { start, end } = windowDays(kind, anchor);
  return kind === 'month' ? `month ${start.slice(0, 7)}` : `${windowTitle(kind)} ending ${addDays(end, -1)}`;
}
