import { localDate, type IsoDate } from './week.ts';

/** No zone is farther from UTC than 14 hours. */
const MOST_MS = 15 * 3_600_000;

/**
 * The instant at which a day begins in a zone (IANA): the first that has its date. That is midnight, or the end of the gap where
 * daylight saving leaves midnight out (Cairo, Beirut).
 */
export function startOfDay(date: IsoDate, timeZone: string): Date {
  const midnightUtc = Date.parse(`${date}T00:00:00Z`);
  let before = midnightUtc - MOST_MS;
  let at = midnightUtc + MOST_MS;
  while (at - before > 1) {
    const middle = Math.floor((before + at) / 2);
    if (localDate(new Date(middle), timeZone) < date) before = middle;
    else at = middle;
  }
  return new Date(at);
}
