import { ianaTimeZone } from '@amc-reports/collector-service/contract/time-zone.ts';
import { SqlRejected } from '../../rejection.ts';
import { amcFunction } from '../define.ts';

/** CONVERT_TIME_ZONE_FROM_UTC(time, 'zone'): local time of a tz database zone; a DATE stays a DATE. */
export const convertTimeZoneFromUtc = amcFunction({
  name: 'CONVERT_TIME_ZONE_FROM_UTC',
  takes: ['time', 'text'],
  gives: (call) => (call.types[0] === 'DATE' ? 'DATE' : 'TIMESTAMP'),
  sql: ({ types: [type], texts: [, zone] }) => {
    if (zone !== undefined && ianaTimeZone(zone) === null) throw new SqlRejected(`Unknown time-zone ID: ${zone}`);
    // A zone that is written is known to be one; what stands in a row may be anything.
    const local = `amc.${zone === undefined ? 'local_time' : 'convert_time_zone_from_utc'}(CAST($1 AS timestamp), $2)`;
    return type === 'DATE' ? `CAST(${local} AS date)` : local;
  },
  examples: [
    ["CAST(CONVERT_TIME_ZONE_FROM_UTC(TIMESTAMP '2026-03-08 11:00:00', 'America/Los_Angeles') AS STRING)", '2026-03-08 04:00:00'],
    ["CONVERT_TIME_ZONE_FROM_UTC(DATE '2026-03-08', 'America/Los_Angeles')", '2026-03-07'],
  ],
});
