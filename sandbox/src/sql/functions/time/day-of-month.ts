import { amcFunction } from '../define.ts';

/** DAYOFMONTH(date): 1 to 31. */
export const dayofmonth = amcFunction({
  name: 'DAYOFMONTH',
  aliases: ['DAY'],
  takes: ['time'],
  gives: 'INTEGER',
  sql: 'CAST(extract(day FROM $1) AS int4)',
  examples: [
    ["DAYOFMONTH(DATE '2026-03-09')", '9'],
    ["DAY(DATE '2026-03-31')", '31'],
  ],
});
