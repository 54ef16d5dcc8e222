import { amcFunction } from '../define.ts';

/** HOUR(timestamp): 0 to 23. */
export const hour = amcFunction({
  name: 'HOUR',
  takes: ['time'],
  gives: 'INTEGER',
  sql: 'CAST(extract(hour FROM $1) AS int4)',
  examples: [["HOUR(TIMESTAMP '2026-03-09 17:05:06')", '17']],
});
