import { hasWholeLevels } from '../../../data/catalogue/levels.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { ISO_CALENDAR, type ReportingCalendar } from '../../../ground/calendar/reporting-calendar.ts';
import { addDays, mondayOf, type IsoDate } from '../../../ground/calendar/week.ts';
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
  const isIso = isIsoGrain(grain, calendar);
  if (!isIso) return weeksAndDays(dataset, dimensions, daysOf(grain, buckets, calendar), { grain, calendar });
  if (grain === 'month' && hasWholeLevels(dataset)) return months(dataset, dimensions, buckets, calendar);
  const source = sourceFor(dataset, grain, dimensions);
  return source === undefined ? null : [{ source, grain, buckets, into: null }];
}

/** Weeks and months as Amazon's weeks and the calendar have them; others are made of days. */
export const isIsoGrain = (grain: BucketGrain, { weekStartsOn, months: { kind, ...month } }: ReportingCalendar): boolean =>
  grain === 'day' ||
  (grain === 'week' ? weekStartsOn === ISO_CALENDAR.weekStartsOn : kind === 'calendar' && 'startsOn' in month && month.startsOn === 1);

const daysOf = (grain: BucketGrain, buckets: readonly IsoDate[], calendar: ReportingCalendar): IsoDate[] =>
  buckets.flatMap((bucket) => {
    const days: IsoDate[] = [];
    for (let day = bucket; day < bucketEnd(grain, bucket, calendar); day = addDays(day, 1)) days.push(day);
    return days;
  });

/** Weeks of which all days belong to one bucket of the answer, and the days that are left. */
function weeksAndDays(dataset: Dataset, dimensions: ReadonlySet<string>, days: readonly IsoDate[], into: Part['into']): Part[] | null {
  const bucketOfDay = (day: IsoDate): IsoDate => (into === null ? '' : bucketOf(into.grain, day, into.calendar));
  const asked = new Set(days);
  const weeks = [...new Set(days.map(mondayOf))].filter((week) => {
    const sunday = addDays(week, 6);
    return (
      bucketOfDay(week) === bucketOfDay(sunday) && Array.from({ length: 7 }, (_, at) => addDays(week, at)).every((day) => asked.has(day))
    );
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
