import { addDays, daysBetween, firstOfMonth, mondayOf, mondays, nextMonth, type IsoDate } from '../../../ground/calendar/week.ts';
import type { WindowKind } from '../../../ground/calendar/window.ts';

/** What a point of time in an answer stands for. A total is made of weeks. */
export type BucketGrain = 'day' | 'week' | 'month';

/** Instants in ms since 1970 UTC, from inclusive, to exclusive. */
export interface Range {
  from: number;
  to: number;
}

/** A bucket's time: UTC midnight of its local date, whatever the instance's zone, so that a day is a day everywhere. */
export const bucketTime = (bucket: IsoDate): number => daysBetween('1970-01-01', bucket) * 86_400_000;

/** The bucket that holds a date. */
export function bucketOf(grain: BucketGrain, date: IsoDate): IsoDate {
  if (grain === 'day') return date;
  return grain === 'week' ? mondayOf(date) : firstOfMonth(date);
}

const nextBucket = (grain: BucketGrain, bucket: IsoDate): IsoDate =>
  grain === 'month' ? nextMonth(bucket) : addDays(bucket, grain === 'week' ? 7 : 1);

/**
 * Buckets whose start lies in the range, oldest first, looked for between two dates (both included): a range may be
 * endless, the history is not.
 */
export function bucketsIn(grain: BucketGrain, range: Range, earliest: IsoDate, latest: IsoDate): IsoDate[] {
  const buckets: IsoDate[] = [];
  for (let bucket = bucketOf(grain, earliest); bucket <= latest; bucket = nextBucket(grain, bucket)) {
    const time = bucketTime(bucket);
    if (time >= range.to) break;
    if (time >= range.from) buckets.push(bucket);
  }
  return buckets;
}

/**
 * Mondays of the weeks a bucket takes its rows from: a month's first and last week reach into its neighbours. Of a dataset with
 * another window than the week a bucket is one window, kept under one Monday.
 */
export function weeksOf(grain: BucketGrain, bucket: IsoDate, window: WindowKind = 'week'): IsoDate[] {
  if (grain !== 'month' || window !== 'week') return [mondayOf(bucket)];
  return mondays(bucket, addDays(nextMonth(bucket), -1));
}

/** A bucket so many steps later (earlier when negative). */
export function shiftBucket(grain: BucketGrain, bucket: IsoDate, steps: number): IsoDate {
  if (grain !== 'month') return addDays(bucket, steps * (grain === 'week' ? 7 : 1));
  const month = new Date(bucketTime(bucket));
  month.setUTCMonth(month.getUTCMonth() + steps);
  return month.toISOString().slice(0, 10);
}

/** How many buckets lie from one to another, both included. */
export function bucketSpan(grain: BucketGrain, first: IsoDate, last: IsoDate): number {
  if (grain !== 'month') return Math.round((bucketTime(last) - bucketTime(first)) / 86_400_000 / (grain === 'week' ? 7 : 1)) + 1;
  const [from, to] = [new Date(bucketTime(first)), new Date(bucketTime(last))];
  return (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth() + 1;
}
