import { ISO_CALENDAR, type ReportingCalendar } from '../../../ground/calendar/reporting-calendar.ts';
import { addDays, mondayOf, type IsoDate } from '../../../ground/calendar/week.ts';
import type { WindowKind } from '../../../ground/calendar/window.ts';
import { bucketEnd, bucketOf, bucketsWithin, overlap, weeksOf, type BucketGrain } from './buckets.ts';
import { bucketState, knownWeeks, type BucketState } from './completeness.ts';
import type { Coverage } from './coverage.ts';
import type { Days } from './local-days.ts';

/** The buckets an answer is made of. A total of a dataset with days is made of days, so that it is exact to the day. */
export interface Period {
  grain: BucketGrain;
  /** What the rows of one Monday cover. */
  window: WindowKind;
  calendar: ReportingCalendar;
  /** Oldest first; each lies whole in the days asked for. */
  buckets: IsoDate[];
  /** Those of them that are not collected completely (partial: mark). */
  partial: IsoDate[];
  /** Buckets of the range that have some data and were left out because they are not collected completely (partial: drop). */
  dropped: IsoDate[];
  /** Collected buckets at the edges that the days asked for hold only a part of: left out. */
  cut: IsoDate[];
}

export interface PeriodChoice {
  grain: BucketGrain;
  /** A week when left out. */
  window?: WindowKind;
  calendar?: ReportingCalendar;
  partial: 'drop' | 'mark';
  latest: boolean;
}

/** Picks the buckets that lie whole in the days asked for and can be answered. With `latest` the newest complete one alone. */
export function choosePeriod(choice: PeriodChoice, asked: Days, coverage: Coverage): Period {
  const { grain, window = 'week', calendar = ISO_CALENDAR } = choice;
  const period: Period = { grain, window, calendar, buckets: [], partial: [], dropped: [], cut: [] };
  const collected = collectedDays(coverage, grain, calendar);
  const days = collected && overlap(asked, collected);
  if (days === null) return period;
  const stateOf = bucketStates(period, coverage);
  for (const bucket of bucketsWithin(grain, days, calendar)) {
    const state = stateOf(bucket);
    if (state === 'complete') period.buckets.push(bucket);
    else if (state === 'partial' && choice.partial === 'mark' && !choice.latest) {
      period.buckets.push(bucket);
      period.partial.push(bucket);
    } else if (state === 'partial') period.dropped.push(bucket);
  }
  if (choice.latest) period.buckets = period.buckets.slice(-1);
  else period.cut = edgesOf(grain, asked, calendar).filter((bucket) => stateOf(bucket) === 'complete');
  return period;
}

/** Whole buckets around the known weeks: a range may be endless, the history is not. */
function collectedDays(coverage: Coverage, grain: BucketGrain, calendar: ReportingCalendar): Days | null {
  const known = knownWeeks(coverage);
  if (known === null) return null;
  return {
    start: bucketOf(grain, known.first, calendar),
    end: bucketEnd(grain, bucketOf(grain, addDays(known.last, 6), calendar), calendar),
  };
}

/** Days of a week are as whole as the week, and a year of them asks for each seven times. */
export function bucketStates(
  { grain, window, calendar }: Pick<Period, 'grain' | 'window' | 'calendar'>,
  coverage: Coverage,
): (bucket: IsoDate) => BucketState {
  const states = new Map<IsoDate, BucketState>();
  return (bucket) => {
    const key = grain === 'day' ? mondayOf(bucket) : bucket;
    let state = states.get(key);
    if (state === undefined) states.set(key, (state = bucketState(coverage, weeksOf(grain, bucket, window, calendar))));
    return state;
  };
}

/** Buckets that reach over the first or the last day. */
function edgesOf(grain: BucketGrain, { start, end }: Days, calendar: ReportingCalendar): IsoDate[] {
  const [first, last] = [bucketOf(grain, start, calendar), bucketOf(grain, addDays(end, -1), calendar)];
  return [...new Set([...(first < start ? [first] : []), ...(bucketEnd(grain, last, calendar) > end ? [last] : [])])];
}
