import { amcFunction } from '../define.ts';

/** MINUTE(timestamp): 0 to 59. */
export const minute = amcFunction({
  name: 'MINUTE',
  takes: ['time'],
  gives: 'INTEGER',
  sql: 'CAST(extract(minute FROM $1) AS int4)',
  examples: [["MINUTE(TIMESTAMP '2026-03-09 17:05:06')", '5']],
});
