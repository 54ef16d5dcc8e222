import { addDays, type IsoDate } from '../../../ground/calendar/week.ts';
import { windowDays } from '../../../ground/calendar/window.ts';
import { bucketEnd, shiftBucket } from '../plan/buckets.ts';
import type { Comparison } from '../plan/comparison.ts';
import type { Period } from '../plan/period.ts';
import type { WindowChoice } from '../plan/window-choice.ts';

/** First and last day that the answered buckets stand for, windows of several weeks with all of theirs; null when there are none. */
export function coveredDays({ period, covers }: WindowChoice): { from: IsoDate; to: IsoDate } | null {
  const [first, last] = [period.buckets[0], period.buckets.at(-1)];
  if (first === undefined || last === undefined) return null;
  if (covers !== null) return { from: covers.start, to: addDays(covers.end, -1) };
  const { grain, window, calendar } = period;
  const from = grain === 'week' && window !== 'week' ? windowDays(window, first).start : first;
  return { from, to: addDays(bucketEnd(grain, last, calendar), -1) };
}

/** Every bucket from the first answered to the last, and those among them that have no answer. */
export function withGaps({ grain, calendar, buckets }: Period): { buckets: IsoDate[]; gaps: Set<IsoDate> } {
  const answered = new Set(buckets);
  const all: IsoDate[] = [];
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined) return { buckets: all, gaps: new Set() };
  for (let bucket = first; bucket <= last; bucket = shiftBucket(grain, bucket, 1, calendar)) all.push(bucket);
  return { buckets: all, gaps: new Set(all.filter((bucket) => !answered.has(bucket))) };
}

/** Buckets beside which the comparison has nothing. */
export function previousGaps(buckets: readonly IsoDate[], { period, currentOf }: Comparison): Set<IsoDate> {
  const answered = new Set(period.buckets.map(currentOf));
  return new Set(buckets.filter((bucket) => !answered.has(bucket)));
}

/** First and last day that the comparison stands for; null when it has none. */
export function comparedDays({ period: { buckets, grain, window, calendar } }: Comparison): { from: IsoDate; to: IsoDate } | null {
  const [first, last] = [buckets[0], buckets.at(-1)];
  if (first === undefined || last === undefined) return null;
  if (window !== 'week' && window !== 'month')
    return { from: windowDays(window, first).start, to: addDays(windowDays(window, last).end, -1) };
  return { from: first, to: addDays(bucketEnd(grain, last, calendar), -1) };
}
