import { addDays, type IsoDate } from '../../../format/week';

const DAY_MS = 86_400_000;
/** Amazon promises a day's data 48 hours after it (reference: AMC data freshness). */
const LAG_MS = 2 * DAY_MS;
/** Amazon keeps this many months. */
const KEPT_MONTHS = 13;

/**
 * Mondays that can be collected now for an instance in this zone, the newest first. For the form's lists and preview only: the
 * collector has the last word, by its own calendar.
 */
export function collectableWeeks(now: Date, timeZone: string): IsoDate[] {
  const newest = addDays(mondayOf(localDate(new Date(now.getTime() - LAG_MS), timeZone)), -7);
  const kept = monthsBefore(localDate(now, 'UTC'), KEPT_MONTHS);
  // East of Greenwich a local day begins in the UTC day before.
  const isEast = localDate(new Date(Date.parse(`${kept}T00:00:00Z`) - 1), timeZone) === kept;
  const oldest = isEast ? addDays(kept, 1) : kept;
  const weeks: IsoDate[] = [];
  for (let week = newest; week >= oldest; week = addDays(week, -7)) weeks.push(week);
  return weeks;
}

/** The last day of a shorter month stands for days that it lacks: 13 months before 31 March is 28 February. */
function monthsBefore(date: IsoDate, months: number): IsoDate {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const last = new Date(Date.UTC(year, month - months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 - months, Math.min(day, last))).toISOString().slice(0, 10);
}

const localDate = (instant: Date, timeZone: string): IsoDate =>
  new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(instant);

const mondayOf = (date: IsoDate): IsoDate => addDays(date, -((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7));
