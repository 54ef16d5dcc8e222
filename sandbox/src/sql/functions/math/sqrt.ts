import { amcFunction } from '../define.ts';

/** SQRT(number): NULL for negative ones, as Amazon says. */
export const sqrt = amcFunction({
  name: 'SQRT',
  takes: ['number'],
  gives: 'DOUBLE',
  sql: 'CASE WHEN $1 >= 0 THEN sqrt($1) END',
  examples: [
    ['ROUND(SQRT(2), 4)', '1.4142'],
    ['SQRT(-1)', ''],
  ],
});
