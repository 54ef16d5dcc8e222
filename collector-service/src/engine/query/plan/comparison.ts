import type { MetricQuery } from '../../../contract/query.ts';
import { ISO_CALENDAR } from '../../../ground/calendar/reporting-calendar.ts';
import { addDays, addMonths, datesBetween, daysBetween, firstOfMonth, type IsoDate } from '../../../ground/calendar/week.ts';
import { anchorOf, WINDOW_WEEKS } from '../../../ground/calendar/window.ts';
import { bucketSpan, bucketsWithin, shiftBucket } from './buckets.ts';
import type { Coverage } from './coverage.ts';
import type { Days } from './local-days.ts';
import { bucketStates, type Period } from './period.ts';

/** The period an answer is compared with. */
export interface Comparison {
  period: Period;
  /** The current bucket that a bucket of the comparison stands beside. */
  currentOf: (bucket: IsoDate) => IsoDate;
  /** Buckets it should have and has not, oldest first. */
  missing: IsoDate[];
}

/**
 * The period before and the year before, beside which the answered buckets stand.
 *
 * The period before whole months (quarters and years are such) is as many months before; of a month that is collected to its 15th the
 * first 15 days. Else it is as many buckets as are answered, directly before the first of them. The year before: the same weekdays
 * (52 weeks or 364 days earlier), or the same dates of days; weeks have no same dates, months no weekdays. Windows of several weeks
 * step back by their own length at least, so that none is compared with one that shares days with it.
 * @param isTotal the buckets are added up, so that the earlier ones need not be as many
 */
export function compareWith(
  period: Period,
  { compare, compareTo, partial }: Pick<MetricQuery, 'compare' | 'compareTo' | 'partial'>,
  asked: Days,
  coverage: Coverage,
  isTotal: boolean,
): Comparison {
  const pairs = period.buckets.length === 0 ? [] : pairsOf(period, { compare, compareTo }, asked, isTotal);
  const before: Period = { ...period, buckets: [], partial: [], dropped: [], cut: [] };
  const missing: IsoDate[] = [];
  const stateOf = bucketStates(period, coverage);
  for (const { earlier } of pairs) {
    const state = stateOf(earlier);
    if (state === 'complete' || (state === 'partial' && partial === 'mark')) {
      before.buckets.push(earlier);
      if (state === 'partial') before.partial.push(earlier);
    } else {
      missing.push(earlier);
      if (state === 'partial') before.dropped.push(earlier);
    }
  }
  const currents = new Map(pairs.map(({ earlier, current }) => [earlier, current]));
  return { period: before, currentOf: (bucket) => currents.get(bucket) ?? bucket, missing };
}

interface Pair {
  earlier: IsoDate;
  current: IsoDate;
}

function pairsOf(
  period: Period,
  { compare, compareTo }: Pick<MetricQuery, 'compare' | 'compareTo'>,
  asked: Days,
  isTotal: boolean,
): Pair[] {
  if (compare === 'none') return [];
  if (compare !== 'custom') return earlierBuckets(period, compare, asked, isTotal);
  return compareTo === undefined ? [] : chosenBuckets(period, { start: compareTo.from, end: addDays(compareTo.to, 1) }, isTotal);
}

/**
 * Buckets that lie whole in days of one's own choice: for a total all of them, for a series the first beside the first, and no more than
 * are answered. Of windows of several weeks the one with exactly these days.
 */
function chosenBuckets({ grain, window, calendar, buckets }: Period, days: Days, isTotal: boolean): Pair[] {
  const anchor = window === 'week' ? null : anchorOf(window, days);
  const chosen =
    window === 'week' ? bucketsWithin(grain, days, calendar) : anchor === null ? [] : [grain === 'month' ? days.start : anchor];
  if (isTotal) return chosen.map((earlier) => ({ earlier, current: earlier }));
  return chosen.slice(0, buckets.length).map((earlier, index) => ({ earlier, current: buckets[index]! }));
}

type Computed = Exclude<MetricQuery['compare'], 'none' | 'custom'>;

function earlierBuckets({ grain, window, calendar, buckets }: Period, compare: Computed, asked: Days, isTotal: boolean): Pair[] {
  const [first, last] = [buckets[0]!, buckets.at(-1)!];
  const shifted = (steps: number): Pair[] =>
    buckets.map((current) => ({ earlier: shiftBucket(grain, current, -steps, calendar), current }));
  if (grain === 'day') return earlierDays(buckets, compare, asked, isTotal);
  if (compare !== 'previous_period') return shifted(grain === 'week' ? 52 : 12);
  const length = grain === 'week' ? (WINDOW_WEEKS[window] ?? 1) : 1;
  return shifted(Math.max(length, bucketSpan(grain, first, last, calendar)));
}

const WEEKDAY_YEAR = 364;

function earlierDays(days: readonly IsoDate[], compare: Computed, asked: Days, isTotal: boolean): Pair[] {
  const [first, last] = [days[0]!, days.at(-1)!];
  const back = (steps: number): Pair[] => days.map((current) => ({ earlier: addDays(current, -steps), current }));
  if (compare === 'previous_year') return back(WEEKDAY_YEAR);
  const whole = wholeMonths(asked);
  const months = compare === 'previous_year_dates' ? 12 : whole;
  if (months === null) return back(daysBetween(first, last) + 1);
  // Whole months that are collected whole meet whole months, however long each is.
  if (isTotal && first === asked.start && addDays(last, 1) === asked.end && whole !== null)
    return datesBetween(addMonths(asked.start, -months), addMonths(asked.end, -months)).map((earlier) => ({ earlier, current: earlier }));
  if (compare === 'previous_year_dates') return uniqueDays(days.map((current) => ({ earlier: addMonths(current, -12), current })));
  const steps = daysBetween(addMonths(asked.start, -months), asked.start);
  return back(steps).filter(({ earlier }) => earlier < asked.start);
}

/** How many months the days are, when they are whole ones. */
function wholeMonths({ start, end }: Days): number | null {
  if (firstOfMonth(start) !== start || firstOfMonth(end) !== end || start >= end) return null;
  return bucketSpan('month', start, end, ISO_CALENDAR) - 1;
}

/** 28 and 29 February have the same day in a year that has no 29th; it is counted once. */
const uniqueDays = (pairs: readonly Pair[]): Pair[] => pairs.filter(({ earlier }, index) => earlier !== pairs[index - 1]?.earlier);
