import { drawn } from './draw.ts';
import type { Values } from '../table.ts';

/** Local time of the campaign's advertiser. */
export const local = (utc: string): string => `((${utc}) AT TIME ZONE 'UTC' AT TIME ZONE c.time_zone)`;
/** UTC of the advertiser's local time. */
export const utc = (time: string): string => `((${time}) AT TIME ZONE c.time_zone AT TIME ZONE 'UTC')`;

/** Amazon gives every time five ways, each in the advertiser's zone and in UTC: second, hour stamp, date, hour and day of the month. */
export function timeValues(prefix: string, instant: string, hour = `date_trunc('hour', ${instant})`): Values {
  return {
    [`${prefix}_dt`]: local(instant),
    [`${prefix}_dt_utc`]: instant,
    [`${prefix}_dt_hour`]: local(hour),
    [`${prefix}_dt_hour_utc`]: hour,
    [`${prefix}_date`]: local(hour),
    [`${prefix}_date_utc`]: hour,
    [`${prefix}_hour`]: `extract(hour FROM ${local(hour)})`,
    [`${prefix}_hour_utc`]: `extract(hour FROM ${hour})`,
    [`${prefix}_day`]: `extract(day FROM ${local(hour)})`,
    [`${prefix}_day_utc`]: `extract(day FROM ${hour})`,
  };
}

/** The base tables keep whole hours; the second within the hour is drawn. */
const SECOND = `${drawn('second', 12)} % 3600`;

/** When an ad was shown. */
export const SHOWN_AT = `(t.hour + make_interval(secs => ${SECOND}))`;

/** What follows the ad after so many seconds, still in its hour: an hour's rows stay together in every table. */
export const soonAfter = (seconds: string): string => `(t.hour + make_interval(secs => least(3599, ${SECOND} + ${seconds})))`;

/** A begin or an end, under the names that tables have for it: `_date` is a day in some and an instant in others. */
export const momentValues = (prefix: string, time: string): Values => ({
  [`${prefix}_date`]: time,
  [`${prefix}_date_utc`]: utc(time),
  [`${prefix}_dt`]: time,
  [`${prefix}_dt_utc`]: utc(time),
});
