import type { IsoDate } from '../../../ground/calendar/week.ts';
import { windowDays, type WindowKind } from '../../../ground/calendar/window.ts';
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

type WeekSpan = { first: IsoDate; last: IsoDate } | null;
/** Every answer asks several times, and a coverage never changes. */
const spans = new WeakMap<Coverage, { span: WeekSpan }>();

/** First and last Monday that any instance has or should have; null when nothing was ever collected. */
export function knownWeeks(coverage: Coverage): WeekSpan {
  const known = spans.get(coverage);
  if (known !== undefined) return known.span;
  const span = findSpan(coverage);
  spans.set(coverage, { span });
  return span;
}

function findSpan(coverage: Coverage): WeekSpan {
  let first: IsoDate | null = null;
  let last: IsoDate | null = null;
  for (const { served, collected } of coverage.values()) {
    const include = (week: IsoDate): void => {
      if (first === null || week < first) first = week;
      if (last === null || week > last) last = week;
    };
    for (const week of served.keys()) include(week);
    for (const range of collected) [range.first, range.last].forEach(include);
  }
  return first === null || last === null ? null : { first, last };
}

/** End (exclusive) of the newest week (or other window) that is complete; null when none is. */
export function completeUntil(coverage: Coverage, window: WindowKind): IsoDate | null {
  const weeks = new Set([...coverage.values()].flatMap(({ served }) => [...served.keys()]));
  const newest = [...weeks].sort().findLast((week) => bucketState(coverage, [week]) === 'complete');
  return newest === undefined ? null : windowDays(window, newest).end;
}
