import { addDays, localDate, type IsoDate } from './week.ts';
import { windowDays, type WindowKind } from './window.ts';

/** How sure a week's numbers are, by its age: Amazon attributes conversions late and restates what it has reported. */
export type WeekAge = 'incomplete' | 'provisional' | 'settling' | 'final';

/** By which event a dataset's rows are dated; it decides how long a week's numbers move. */
export type Attribution = 'traffic_time' | 'conversion_time' | 'none';

/**
 * Days after a week's end at which its numbers stop being provisional, and at which they are final (reference/amc.md §4.1).
 *
 * traffic_time: a click's conversions come in for 14 days more; conversions are subject to change for up to 60.
 * conversion_time: the week's conversions are known at its end, so the 14 days of attribution are saved at the far end (60 − 14 = 46);
 *   the first restatements come 1 and 7 days after a conversion.
 * none (traffic alone): only invalid clicks are taken out, mostly within 5 days, at most for 30.
 */
const AGES: Record<Attribution, { settlingFrom: number; finalFrom: number }> = {
  traffic_time: { settlingFrom: 14, finalFrom: 60 },
  conversion_time: { settlingFrom: 7, finalFrom: 46 },
  none: { settlingFrom: 5, finalFrom: 30 },
};

/** Amazon promises a day's data within two. */
const COMPLETE_FROM = 2;

/** Age of a week (its Monday) of a dataset with that attribution. Days are counted from the end of its window, in the instance's zone. */
export function weekAge(week: IsoDate, now: Date, timeZone: string, attribution: Attribution, window: WindowKind = 'week'): WeekAge {
  const today = localDate(now, timeZone);
  const { end } = windowDays(window, week);
  const { settlingFrom, finalFrom } = AGES[attribution];
  if (today < addDays(end, COMPLETE_FROM)) return 'incomplete';
  if (today < addDays(end, settlingFrom)) return 'provisional';
  return today < addDays(end, finalFrom) ? 'settling' : 'final';
}
