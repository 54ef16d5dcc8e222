import {
  monthStart,
  nextMonthStart,
  weekStart,
  ISO_CALENDAR,
  type ReportingCalendar,
} from '../../../ground/calendar/reporting-calendar.ts';
import { addDays, daysBetween, mondayOf, mondays, type IsoDate } from '../../../ground/calendar/week.ts';
import type { WindowKind } from '../../../ground/calendar/window.ts';
import type { Days } from './local-days.ts';

/** What a point of time in an answer stands for. */
export type BucketGrain = 'day' | 'week' | 'month';

/** A bucket's time: UTC midnight of its local date, whatever the instance's zone, so that a day is a day everywhere. */
export const bucketTime = (bucket: IsoDate): number => daysBetween('1970-01-01', bucket) * 86_400_000;

/** The bucket that holds a date. */
export function bucketOf(grain: BucketGrain, date: IsoDate, calendar: ReportingCalendar = ISO_CALENDAR): IsoDate {
  if (grain === 'day') return date;
  return grain === 'week' ? weekStart(calendar, date) : monthStart(calendar, date);
}

/** First day after a bucket. */
export function bucketEnd(grain: BucketGrain, bucket: IsoDate, calendar: ReportingCalendar = ISO_CALENDAR): IsoDate {
  if (grain === 'month') return nextMonthStart(calendar, bucket);
  return addDays(bucket, grain === 'week' ? 7 : 1);
}

/** Buckets that lie whole in the days, oldest first. */
export function bucketsWithin(grain: BucketGrain, { start, end }: Days, calendar: ReportingCalendar = ISO_CALENDAR): IsoDate[] {
  const buckets: IsoDate[] = [];
  let bucket = bucketOf(grain, start, calendar);
  if (bucket < start) bucket = bucketEnd(grain, bucket, calendar);
  for (let next = bucketEnd(grain, bucket, calendar); next <= end; next = bucketEnd(grain, bucket, calendar)) {
    buckets.push(bucket);
    bucket = next;
  }
  return buckets;
}

/** The days that two spans share; null when they share none. */
export function overlap(a: Days, b: Days): Days | null {
  const start = a.start > b.start ? a.start : b.start;
  const end = a.end < b.end ? a.end : b.end;
  return start < end ? { start, end } : null;
}

/**
 * Mondays of the weeks a bucket takes its rows from: a month's first and last week reach into its neighbours. Of a dataset with
 * another window than the week a bucket is one window, kept under one Monday.
 */
export function weeksOf(grain: BucketGrain, bucket: IsoDate, window: WindowKind = 'week', calendar?: ReportingCalendar): IsoDate[] {
  if (window !== 'week' || grain === 'day') return [mondayOf(bucket)];
  return mondays(bucket, addDays(bucketEnd(grain, bucket, calendar), -1));
}

/** A bucket so many steps later (earlier when negative). */
export function shiftBucket(grain: BucketGrain, bucket: IsoDate, steps: number, calendar: ReportingCalendar = ISO_CALENDAR): IsoDate {
  if (grain !== 'month') return addDays(bucket, steps * (grain === 'week' ? 7 : 1));
  let shifted = bucket;
  for (let step = 0; step < steps; step++) shifted = nextMonthStart(calendar, shifted);
  for (let step = 0; step > steps; step--) shifted = monthStart(calendar, addDays(shifted, -1));
  return shifted;
}

/** How many buckets lie from one to another, both included. */
export function bucketSpan(grain: BucketGrain, first: IsoDate, last: IsoDate, calendar: ReportingCalendar = ISO_CALENDAR): number {
  if (grain !== 'month') return Math.round(daysBetween(first, last) / (grain === 'week' ? 7 : 1)) + 1;
  let count = 1;
  for (let bucket = first; bucket < last; bucket = nextMonthStart(calendar, bucket)) count++;
  return count;
}
