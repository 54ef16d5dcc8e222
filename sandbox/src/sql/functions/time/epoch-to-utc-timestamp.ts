import { amcFunction } from '../define.ts';

/** EPOCH_TO_UTC_TIMESTAMP(number): seconds, or milliseconds where the number is that large (from 100,000,000,000 on). */
export const epochToUtcTimestamp = amcFunction({
  name: 'EPOCH_TO_UTC_TIMESTAMP',
  takes: ['number'],
  gives: 'TIMESTAMP',
  sql: 'amc.epoch_to_utc_timestamp($1)',
  examples: [
    ["DATE_TRUNC('SECOND', EPOCH_TO_UTC_TIMESTAMP(1772323200)) = TIMESTAMP '2026-03-01 00:00:00'", 'TRUE'],
    ["EPOCH_TO_UTC_TIMESTAMP(1772323200000) = TIMESTAMP '2026-03-01 00:00:00'", 'TRUE'],
  ],
});
