import { amcFunction } from '../define.ts';

/** SECONDS_BETWEEN(first, second): second minus first. */
export const secondsBetween = amcFunction({
  name: 'SECONDS_BETWEEN',
  takes: ['time', 'time'],
  gives: 'LONG',
  sql: 'amc.seconds_between(CAST($1 AS timestamp), CAST($2 AS timestamp))',
  examples: [
    ["SECONDS_BETWEEN(TIMESTAMP '2026-03-09 00:00:00', TIMESTAMP '2026-03-08 23:59:00')", '-60'],
    ["SECONDS_BETWEEN(DATE '2026-03-01', DATE '2026-03-02')", '86400'],
  ],
});
