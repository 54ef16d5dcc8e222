import { addDays, type IsoDate } from '../src/ground/calendar/week.ts';

const LAST_WEEK = '2026-06-29';

/** The Mondays of so many weeks in a row; the last is always the same. */
export const lastWeeks = (count: number): IsoDate[] =>
  Array.from({ length: count }, (_, index) => addDays(LAST_WEEK, 7 * (index - count + 1)));
