import type { MetricQuery } from '../../../contract/query.ts';
import { addDays, type IsoDate } from '../../../ground/calendar/week.ts';
import { WINDOW_WEEKS, type WindowKind } from '../../../ground/calendar/window.ts';
import { bucketSpan, bucketsIn, shiftBucket, weeksOf, type BucketGrain, type Range } from './buckets.ts';
import { bucketState, knownWeeks } from './completeness.ts';
import type { Coverage } from './coverage.ts';

/** The buckets an answer is made of. */
export interface Period {
  grain: BucketGrain;
  /** What the rows of one Monday cover. */
  window: WindowKind;
  /** Oldest first. */
  buckets: IsoDate[];
  /** Those of them that are not whole (partial: mark). */
  partial: IsoDate[];
  /** Buckets of the range that have some data and were left out because they are not whole (partial: drop). */
  dropped: IsoDate[];
}

export interface PeriodChoice {
  grain: BucketGrain;
  /** A week when left out. */
  window?: WindowKind;
  partial: 'drop' | 'mark';
  latest: boolean;
}

/** Picks the buckets of a range that can be answered. With `latest` the newest complete one alone. */
export function choosePeriod(choice: PeriodChoice, range: Range, coverage: Coverage): Period {
  const { grain, window = 'week' } = choice;
  const known = knownWeeks(coverage);
  const period: Period = { grain, window, buckets: [], partial: [], dropped: [] };
  if (known === null) return period;
  for (const bucket of bucketsIn(grain, range, known.first, addDays(known.last, 6))) {
    const state = bucketState(coverage, weeksOf(grain, bucket, window));
    if (state === 'complete') period.buckets.push(bucket);
    else if (state === 'partial' && choice.partial === 'mark' && !choice.latest) {
      period.buckets.push(bucket);
      period.partial.push(bucket);
    } else if (state === 'partial') period.dropped.push(bucket);
  }
  if (choice.latest) period.buckets = period.buckets.slice(-1);
  return period;
}

/** Whole years in buckets that keep the weekday: 52 weeks, 364 days, 12 months. */
const YEAR: Record<BucketGrain, number> = { day: 364, week: 52, month: 12 };

/** The period an answer is compared with. */
export interface Comparison {
  period: Period;
  /** How many buckets earlier: a bucket of the comparison plus this is the current bucket it stands beside. */
  shift: number;
  /** Buckets it should have and has not, oldest first. */
  missing: IsoDate[];
}

/**
 * The period before: as many buckets as the answered ones span, directly before the first of them, so that whole
 * buckets meet whole buckets also when the running week is still out. The year before: 52 weeks (weeks and totals),
 * 364 days or 12 months earlier; 52 weeks and 364 days keep the weekday. Windows of several weeks step back by their own length at
 * least, so that none is compared with one that shares days with it.
 */
export function compareWith(
  period: Period,
  compare: Exclude<MetricQuery['compare'], 'none'>,
  partial: 'drop' | 'mark',
  coverage: Coverage,
): Comparison {
  const { grain, window, buckets } = period;
  const [first, last] = [buckets[0], buckets.at(-1)];
  const before: Period = { grain, window, buckets: [], partial: [], dropped: [] };
  if (first === undefined || last === undefined) return { period: before, shift: 0, missing: [] };
  const length = grain === 'week' ? (WINDOW_WEEKS[window] ?? 1) : 1;
  const shift = compare !== 'previous_period' ? YEAR[grain] : Math.max(length, bucketSpan(grain, first, last));
  const missing: IsoDate[] = [];
  for (const bucket of buckets.map((each) => shiftBucket(grain, each, -shift))) {
    const state = bucketState(coverage, weeksOf(grain, bucket, window));
    if (state === 'complete' || (state === 'partial' && partial === 'mark')) {
      before.buckets.push(bucket);
      if (state === 'partial') before.partial.push(bucket);
    } else {
      missing.push(bucket);
      if (state === 'partial') before.dropped.push(bucket);
    }
  }
  return { period: before, shift, missing };
}
