import { amcFunction } from '../define.ts';

/** WEEK(date): the ISO week, 1 to 53. */
export const week = amcFunction({
  name: 'WEEK',
  takes: ['time'],
  gives: 'INTEGER',
  sql: 'CAST(extract(week FROM $1) AS int4)',
  examples: [
    ["WEEK(DATE '2027-01-03')", '53'],
    ["WEEK(DATE '2027-01-04')", '1'],
  ],
});
