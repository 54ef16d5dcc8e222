/**
 * Weeks, days and months as ISO dates (yyyy-mm-dd). A week is named by its Monday and runs from Monday 00:00 to the next
 * Monday 00:00 in the instance's time zone, half-open; at daylight-saving changes it has 167 or 169 hours.
 */
export type IsoDate = string;

const DAY_MS = 86_400_000;

/**
 * Days since 1970-01-01 by their dates, and the other way round. An answer over a quarter asks for thousands, of which there are few;
 * reading and writing them anew was a tenth of its time.
 */
const dayOfDate = new Map<IsoDate, number>();
const dateOfDay = new Map<number, IsoDate>();
const MOST_KEPT = 50_000;

function toDay(date: IsoDate): number {
  const known = dayOfDate.get(date);
  if (known !== undefined) return known;
  const day = Date.parse(`${date}T00:00:00Z`) / DAY_MS;
  keep(dayOfDate, date, day);
  return day;
}

function fromDay(day: number): IsoDate {
  const known = dateOfDay.get(day);
  if (known !== undefined) return known;
  const date = new Date(day * DAY_MS).toISOString().slice(0, 10);
  keep(dateOfDay, day, date);
  return date;
}

function keep<Key, Value>(kept: Map<Key, Value>, key: Key, value: Value): void {
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, value);
}

export const addDays = (date: IsoDate, days: number): IsoDate => fromDay(toDay(date) + days);
export const daysBetween = (from: IsoDate, to: IsoDate): number => Math.round(toDay(to) - toDay(from));

/** Dates from the first to before the end. */
export const datesBetween = (from: IsoDate, end: IsoDate): IsoDate[] =>
  Array.from({ length: daysBetween(from, end) }, (_, index) => addDays(from, index));

/** The Monday of the week that holds the date; 1970-01-01 was a Thursday. */
export const mondayOf = (date: IsoDate): IsoDate => addDays(date, -((((toDay(date) + 3) % 7) + 7) % 7));
export const firstOfMonth = (date: IsoDate): IsoDate => `${date.slice(0, 7)}-01`;
/** The same day of another month, or the last one of a month that is shorter: 13 months before 31 March is 28 February. */
export function addMonths(date: IsoDate, months: number): IsoDate {
  const month = new Date(`${firstOfMonth(date)}T00:00:00Z`);
  month.setUTCMonth(month.getUTCMonth() + months);
  const first = month.toISOString().slice(0, 10);
  return addDays(first, Math.min(Number(date.slice(8)), daysBetween(first, nextMonth(first))) - 1);
}

export const nextMonth = (date: IsoDate): IsoDate => firstOfMonth(addDays(firstOfMonth(date), 32));

/** Making a format costs a hundred times what using it does, and answers ask for the date of every week. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** The local date of an instant in a zone. */
export function localDate(instant: Date, timeZone: string): IsoDate {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  return format.format(instant);
}

/** Mondays from first to last, both included. */
export function mondays(first: IsoDate, last: IsoDate): IsoDate[] {
  const weeks: IsoDate[] = [];
  for (let week = mondayOf(first); week <= last; week = addDays(week, 7)) weeks.push(week);
  return weeks;
}

/** Amazon promises data 48 hours after an event (reference/amc.md §4.1), so a week is complete two days after its end. */
const LAG_MS = 2 * DAY_MS;

/** Monday of the newest complete week: it ended, in the zone, at least 48 hours before now. */
export function newestCompleteWeek(now: Date, timeZone: string): IsoDate {
  return addDays(mondayOf(localDate(new Date(now.getTime() - LAG_MS), timeZone)), -7);
}

/** Amazon keeps so many months (reference/amc.md §4.1). */
const KEPT_MONTHS = 13;

/**
 * The oldest local day that Amazon still has whole. What it keeps is counted by UTC dates, so that it never goes back from one moment to
 * the next; east of Greenwich a local day begins in the UTC day before, which has to be there too.
 */
export function oldestKeptDay(now: Date, timeZone: string): IsoDate {
  const kept = addMonths(localDate(now, 'UTC'), -KEPT_MONTHS);
  const begins = Date.parse(`${kept}T00:00:00Z`);
  return localDate(new Date(begins - 1), timeZone) === kept ? addDays(kept, 1) : kept;
}

/** Monday of the oldest week Amazon still has whole. */
export function oldestCollectableWeek(now: Date, timeZone: string): IsoDate {
  const date = oldestKeptDay(now, timeZone);
  const monday = mondayOf(date);
  return monday === date ? monday : addDays(monday, 7);
}
