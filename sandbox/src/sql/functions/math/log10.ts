import { amcFunction } from '../define.ts';

/** LOG10(number): NULL where there is none. */
export const log10 = amcFunction({
  name: 'LOG10',
  takes: ['number'],
  gives: 'DOUBLE',
  sql: 'amc.log(10, $1)',
  examples: [
    ['ROUND(LOG10(1000), 2)', '3.00'],
    ['LOG10(-1)', ''],
  ],
});
