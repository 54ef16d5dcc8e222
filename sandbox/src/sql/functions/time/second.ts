import { amcFunction } from '../define.ts';

/** SECOND(timestamp): 0 to 59. */
export const second = amcFunction({
  name: 'SECOND',
  takes: ['time'],
  gives: 'INTEGER',
  sql: 'CAST(floor(extract(second FROM $1)) AS int4)',
  examples: [["SECOND(TIMESTAMP '2026-03-09 17:05:06')", '6']],
});
