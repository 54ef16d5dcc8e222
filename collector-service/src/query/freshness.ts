import { weekAge } from '../calendar/age.ts';
import { addDays, newestCompleteWeek, type IsoDate } from '../calendar/week.ts';
import type { Freshness } from '../contract/frame.ts';
import { bucketsIn, weeksOf, type Range } from './buckets.ts';
import { bucketState, completeUntil, knownWeeks } from './completeness.ts';
import type { Coverage } from './coverage.ts';
import type { Period } from './period.ts';
import type { ScopedInstance } from './scope.ts';

/** Mondays of the weeks that the answered buckets take their rows from, oldest first. */
export const weeksTouched = (period: Period): IsoDate[] =>
  [...new Set(period.buckets.flatMap((bucket) => weeksOf(period.grain, bucket)))].sort();

/**
 * How fresh and how whole an answer is. A week of the range counts as expected from the first week ever collected to the
 * newest that is complete in every instance's zone, also when no collection reaches that far: data that stopped is missing too.
 */
export function freshnessOf(
  period: Period,
  range: Range,
  coverage: Coverage,
  instances: readonly ScopedInstance[],
  now: Date,
): Omit<Freshness, 'suppressedShare' | 'truncated' | 'cached'> {
  const touched = weeksTouched(period);
  const known = knownWeeks(coverage);
  const newest = newestWeekOfAll(instances, now);
  const expected =
    known === null
      ? []
      : weeksInRange(period, range, known.first, known.last > newest ? known.last : newest).filter((week) => week <= newest);
  const asOf = touched
    .flatMap((week) => [...coverage.values()].map(({ served }) => served.get(week)?.collectedAt ?? null))
    .filter((instant) => instant !== null);
  return {
    dataAsOf: asOf.sort().at(-1) ?? null,
    completeUntil: completeUntil(coverage),
    weeksExpected: expected.length,
    weeksMissing: expected.filter((week) => bucketState(coverage, [week]) !== 'complete'),
    weeksSettling: touched.filter((week) =>
      instances.some(({ id, timeZone }) => coverage.get(id)?.served.has(week) && weekAge(week, now, timeZone) !== 'final'),
    ),
  };
}

function newestWeekOfAll(instances: readonly ScopedInstance[], now: Date): IsoDate {
  const newest = instances.map(({ timeZone }) => newestCompleteWeek(now, timeZone)).sort()[0];
  return newest ?? newestCompleteWeek(now, 'UTC');
}

/** Weeks behind the buckets of the range, between two Mondays. */
function weeksInRange(period: Period, range: Range, first: IsoDate, last: IsoDate): IsoDate[] {
  const weeks = bucketsIn(period.grain, range, first, addDays(last, 6)).flatMap((bucket) => weeksOf(period.grain, bucket));
  return [...new Set(weeks)].filter((week) => week >= first && week <= last).sort();
}
