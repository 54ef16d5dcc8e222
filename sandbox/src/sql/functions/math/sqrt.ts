import { amcFunction } from '../define.ts';

/** SQRT(number): NULL for negative ones, as Amazon says. */
export const sqrt = amcFunction({
  name: 'SQRT',
  takes: ['number'],
  gives: 'DOUBLE',
  sql: 'amc.sqrt($1)',
  examples: [
    ['ROUND(SQRT(2), 4)', '1.4142'],
    ['SQRT(-1)', ''],
  ],
});
