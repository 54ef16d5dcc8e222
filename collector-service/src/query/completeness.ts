import { addDays, type IsoDate } from '../calendar/week.ts';
import type { Coverage, InstanceCoverage } from './coverage.ts';

export type BucketState = 'complete' | 'partial' | 'empty';

/** Whether an instance should have a week: a live collection covers it, or it is there already. */
export const isExpected = (instance: InstanceCoverage, week: IsoDate): boolean =>
  instance.served.has(week) || instance.collected.some(({ first, last }) => first <= week && week <= last);

/**
 * How whole a bucket made of these weeks is. Complete: every instance that has or should have some of its weeks serves
 * all of them, so a month whose first days were never collected is partial. An instance outside its collections' weeks
 * takes no part: one that joined later does not make the others' history incomplete.
 */
export function bucketState(coverage: Coverage, weeks: readonly IsoDate[]): BucketState {
  let whole = true;
  let some = false;
  for (const instance of coverage.values()) {
    if (!weeks.some((week) => isExpected(instance, week))) continue;
    for (const week of weeks) {
      if (instance.served.has(week)) some = true;
      else whole = false;
    }
  }
  if (!some) return 'empty';
  return whole ? 'complete' : 'partial';
}

/** First and last Monday that any instance has or should have; null when nothing was ever collected. */
export function knownWeeks(coverage: Coverage): { first: IsoDate; last: IsoDate } | null {
  let first: IsoDate | null = null;
  let last: IsoDate | null = null;
  for (const { served, collected } of coverage.values()) {
    for (const week of [...served.keys(), ...collected.flatMap((range) => [range.first, range.last])]) {
      if (first === null || week < first) first = week;
      if (last === null || week > last) last = week;
    }
  }
  return first === null || last === null ? null : { first, last };
}

/** End (exclusive) of the newest week that is complete; null when none is. */
export function completeUntil(coverage: Coverage): IsoDate | null {
  const weeks = new Set([...coverage.values()].flatMap(({ served }) => [...served.keys()]));
  const newest = [...weeks].sort().findLast((week) => bucketState(coverage, [week]) === 'complete');
  return newest === undefined ? null : addDays(newest, 7);
}
