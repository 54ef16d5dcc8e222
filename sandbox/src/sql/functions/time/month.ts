import { amcFunction } from '../define.ts';

/** MONTH(date): 1 to 12. */
export const month = amcFunction({
  name: 'MONTH',
  takes: ['time'],
  gives: 'INTEGER',
  sql: 'CAST(extract(month FROM $1) AS int4)',
  examples: [["MONTH(DATE '2026-03-09')", '3']],
});
