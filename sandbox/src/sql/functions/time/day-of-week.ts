import { amcFunction } from '../define.ts';

/** DAYOFWEEK(date): 1 (Sunday) to 7. */
export const dayofweek = amcFunction({
  name: 'DAYOFWEEK',
  takes: ['time'],
  gives: 'INTEGER',
  sql: 'CAST(1 + extract(dow FROM $1) AS int4)',
  examples: [
    ["DAYOFWEEK(DATE '2026-03-08')", '1'],
    ["DAYOFWEEK(DATE '2026-03-14')", '7'],
  ],
});
