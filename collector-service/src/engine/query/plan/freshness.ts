import { weekAge, type Attribution } from '../../../ground/calendar/age.ts';
import { addDays, type IsoDate } from '../../../ground/calendar/week.ts';
import { newestCompleteAnchor, type WindowKind } from '../../../ground/calendar/window.ts';
import type { Freshness } from '../../../contract/frame.ts';
import { bucketEnd, bucketOf, bucketsWithin, overlap, weeksOf } from './buckets.ts';
import { bucketState, completeUntil, knownWeeks } from './completeness.ts';
import type { Coverage } from './coverage.ts';
import type { Days } from './local-days.ts';
import type { Period } from './period.ts';
import type { ScopedInstance } from '../ask/scope.ts';

/** Mondays of the weeks that the answered buckets take their rows from, oldest first. */
export const weeksTouched = (period: Period): IsoDate[] =>
  [...new Set(period.buckets.flatMap((bucket) => weeksOf(period.grain, bucket, period.window, period.calendar)))].sort();

/**
 * How fresh and how whole an answer is. A week of the range counts as expected from the first week ever collected to the
 * newest that is complete in every instance's zone, also when no collection reaches that far: data that stopped is missing too.
 */
export function freshnessOf(
  period: Period,
  asked: Days,
  coverage: Coverage,
  instances: readonly ScopedInstance[],
  attribution: Attribution,
  now: Date,
): Omit<Freshness, 'suppressedShare' | 'truncated' | 'cached'> {
  const touched = weeksTouched(period);
  const known = knownWeeks(coverage);
  const newest = newestWeekOfAll(instances, now, period.window);
  const expected =
    known === null
      ? []
      : weeksInRange(period, asked, known.first, known.last > newest ? known.last : newest).filter((week) => week <= newest);
  const asOf = newestOf(coverage, touched);
  const doubtful = touched.filter((week) => [...coverage.values()].some(({ served }) => served.get(week)?.doubtful === true));
  return {
    dataAsOf: asOf === null ? null : new Date(asOf).toISOString(),
    completeUntil: completeUntil(coverage, period.window),
    weeksExpected: expected.length,
    weeksMissing: expected.filter((week) => bucketState(coverage, [week]) !== 'complete'),
    weeksSettling: settlingOf(period, touched, coverage, instances, attribution, now),
    ...(doubtful.length === 0 ? {} : { weeksDoubtful: doubtful }),
  };
}

/** When the newest accepted run of these weeks was collected, in ms. */
function newestOf(coverage: Coverage, weeks: readonly IsoDate[]): number | null {
  let newest: number | null = null;
  for (const { served } of coverage.values()) {
    for (const week of weeks) {
      const at = served.get(week)?.collectedAt ?? null;
      if (at !== null && (newest === null || at > newest)) newest = at;
    }
  }
  return newest;
}

/**
 * Served weeks that are not final. An age depends on the zone alone, and what is older than a final week is final too: so ages are
 * asked from the newest week down, once per zone, and not 1,040 times for 20 instances and a year.
 */
function settlingOf(
  { window }: Period,
  weeks: readonly IsoDate[],
  coverage: Coverage,
  instances: readonly ScopedInstance[],
  attribution: Attribution,
  now: Date,
): IsoDate[] {
  const zones = new Map<string, string[]>();
  for (const { id, timeZone } of instances) zones.set(timeZone, [...(zones.get(timeZone) ?? []), id]);
  const settling = new Set<IsoDate>();
  for (const [timeZone, ids] of zones) {
    for (const week of weeks.toReversed()) {
      if (weekAge(week, now, timeZone, attribution, window) === 'final') break;
      if (ids.some((id) => coverage.get(id)?.served.has(week))) settling.add(week);
    }
  }
  return weeks.filter((week) => settling.has(week));
}

/** Monday of the newest window that is complete in the zone of every instance. */
export function newestWeekOfAll(instances: readonly ScopedInstance[], now: Date, window: WindowKind): IsoDate {
  const zones = [...new Set(instances.map(({ timeZone }) => timeZone))];
  const newest = zones.map((timeZone) => newestCompleteAnchor(window, now, timeZone)).sort()[0];
  return newest ?? newestCompleteAnchor(window, now, 'UTC');
}

/** Weeks behind the buckets of the range, between two Mondays. */
function weeksInRange({ grain, window, calendar }: Period, asked: Days, first: IsoDate, last: IsoDate): IsoDate[] {
  const known = { start: bucketOf(grain, first, calendar), end: bucketEnd(grain, bucketOf(grain, addDays(last, 6), calendar), calendar) };
  const days = overlap(asked, known);
  const buckets = days === null ? [] : bucketsWithin(grain, days, calendar);
  const weeks = buckets.flatMap((bucket) => weeksOf(grain, bucket, window, calendar));
  return [...new Set(weeks)].filter((week) => week >= first && week <= last).sort();
}
