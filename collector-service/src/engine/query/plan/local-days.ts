import { addDays, localDate, type IsoDate } from '../../../ground/calendar/week.ts';

/** Local dates, half-open: from `start` to the day before `end`. */
export interface Days {
  start: IsoDate;
  end: IsoDate;
}

/** Instants in ms since 1970 UTC, from inclusive, to exclusive. */
export interface Range {
  from: number;
  to: number;
}

/** Dates that are written with four digits: outside of them there are no data. */
const EARLIEST_MS = Date.parse('1970-01-02T00:00:00Z');
const LATEST_MS = Date.parse('9999-12-01T00:00:00Z');

/**
 * The local days that a range stands for in a zone: those that begin in it, and of a range within one day that day. "Monday to Sunday"
 * of a date picker are seven days in every zone; "the last 7 days" at noon are seven with today.
 */
export function localDays({ from, to }: Range, timeZone: string): Days {
  const dateOf = (ms: number): IsoDate => localDate(new Date(Math.min(LATEST_MS, Math.max(EARLIEST_MS, ms))), timeZone);
  const last = dateOf(to - 1);
  const begun = addDays(dateOf(from - 1), 1);
  const start = begun > last ? last : begun;
  return { start, end: addDays(last, 1) };
}
