import { amcFunction } from '../define.ts';

/** QUARTER(date): 1 to 4. */
export const quarter = amcFunction({
  name: 'QUARTER',
  takes: ['time'],
  gives: 'INTEGER',
  sql: 'CAST(extract(quarter FROM $1) AS int4)',
  examples: [["QUARTER(DATE '2026-05-09')", '2']],
  undocumented: true,
});
