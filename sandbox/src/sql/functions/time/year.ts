import { amcFunction } from '../define.ts';

/** YEAR(date). */
export const year = amcFunction({
  name: 'YEAR',
  takes: ['time'],
  gives: 'INTEGER',
  sql: 'CAST(extract(year FROM $1) AS int4)',
  examples: [["YEAR(DATE '2026-03-09')", '2026']],
});
