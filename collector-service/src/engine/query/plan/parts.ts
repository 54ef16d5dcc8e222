import { hasWholeLevels } from '../../../data/catalogue/levels.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { ISO_CALENDAR, type ReportingCalendar } from '../../../ground/calendar/reporting-calendar.ts';
import { addDays, datesBetween, mondayOf, type IsoDate } from '../../../ground/calendar/week.ts';
import { bucketEnd, bucketOf, weeksOf, type BucketGrain } from './buckets.ts';
import type { Period } from './period.ts';
import { sourceFor, splitWeeksSource, type Source } from './source.ts';

/** Rows that answer some of a period: buckets of one grain from one table. */
export interface Part {
  source: Source;
  grain: BucketGrain;
  /** Oldest first, at least one. */
  buckets: readonly IsoDate[];
  /** The answer's buckets, each made of several of these; null where they are the same. */
  into: { grain: BucketGrain; calendar: ReportingCalendar } | null;
}

/**
 * The rows that a period is added up from. What a week level knows is taken from there, since it hides less than days do: whole weeks of
 * a total, or of months, come by week, and only the days around them by day. Null when no level has the dimensions by a grain needed.
 */
export function partsOf(dataset: Dataset, period: Period, dimensions: ReadonlySet<string>, isTotal: boolean): Part[] | null {
  const { grain, buckets, calendar } = period;
  if (buckets.length === 0) return [];
  if (grain === 'day' && isTotal) return weeksAndDays(dataset, dimensions, buckets, null);
  if (!isIsoGrain(grain, calendar)) {
    const days = buckets.flatMap((bucket) => datesBetween(bucket, bucketEnd(grain, bucket, calendar)));
    return weeksAndDays(dataset, dimensions, days, { grain, calendar });
  }
  if (grain === 'month' && hasWholeLevels(dataset)) return months(dataset, dimensions, buckets, calendar);
  const source = sourceFor(dataset, grain, dimensions);
  return source === undefined ? null : [{ source, grain, buckets, into: null }];
}

/** Weeks and months as Amazon's weeks and the calendar have them; others are made of days. */
function isIsoGrain(grain: BucketGrain, { weekStartsOn, months }: ReportingCalendar): boolean {
  if (grain === 'day') return true;
  if (grain === 'week') return weekStartsOn === ISO_CALENDAR.weekStartsOn;
  return months.kind === 'calendar' && months.startsOn === 1;
}

/** Weeks of which all days belong to one bucket of the answer, and the days that are left. */
function weeksAndDays(dataset: Dataset, dimensions: ReadonlySet<string>, days: readonly IsoDate[], into: Part['into']): Part[] | null {
  const bucketOfDay = (day: IsoDate): IsoDate => (into === null ? '' : bucketOf(into.grain, day, into.calendar));
  const asked = new Set(days);
  const weeks = [...new Set(days.map(mondayOf))].filter((week) => {
    const isOneBucket = bucketOfDay(week) === bucketOfDay(addDays(week, 6));
    return isOneBucket && datesBetween(week, addDays(week, 7)).every((day) => asked.has(day));
  });
  const whole = new Set(weeks);
  const rest = days.filter((day) => !whole.has(mondayOf(day)));
  const parts: Part[] = [];
  for (const [grain, buckets] of [['week', weeks] as const, ['day', rest] as const]) {
    if (buckets.length === 0) continue;
    const source = sourceFor(dataset, grain, dimensions);
    if (source === undefined) return null;
    parts.push({ source, grain, buckets, into });
  }
  return parts;
}

/** Calendar months of whole levels: weeks within one month by week, those in two by their days. */
function months(
  dataset: Dataset,
  dimensions: ReadonlySet<string>,
  buckets: readonly IsoDate[],
  calendar: ReportingCalendar,
): Part[] | null {
  const into = { grain: 'month' as const, calendar };
  const split = splitWeeksSource(dataset, dimensions);
  const weekly = sourceFor(dataset, 'week', dimensions);
  if (split === undefined || weekly === undefined) return null;
  const weeks = buckets.flatMap((month) =>
    weeksOf('month', month).filter((week) => week >= month && addDays(week, 7) <= bucketEnd('month', month)),
  );
  return [
    { source: weekly, grain: 'week', buckets: weeks, into },
    { source: split, grain: 'month', buckets, into: null },
  ];
}
