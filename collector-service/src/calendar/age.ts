import { addDays, localDate, type IsoDate } from './week.ts';

/** How sure a week's numbers are, by its age (reference/amc.md §4.1): attribution closes after 14 days, restatement after 42 to 60. */
export type WeekAge = 'incomplete' | 'provisional' | 'settling' | 'final';

const PROVISIONAL_DAYS = 14;
const FINAL_DAYS = 60;

/** Age of a week (its Monday) for a dataset whose conversions count by traffic time. Days are counted from the week's end, in the instance's zone. */
export function weekAge(week: IsoDate, now: Date, timeZone: string): WeekAge {
  const today = localDate(now, timeZone);
  const end = addDays(week, 7);
  if (today < addDays(end, 2)) return 'incomplete';
  if (today < addDays(end, PROVISIONAL_DAYS)) return 'provisional';
  return today < addDays(end, FINAL_DAYS) ? 'settling' : 'final';
}
