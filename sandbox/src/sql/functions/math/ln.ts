import { amcFunction } from '../define.ts';

/** LN(number): NULL where there is none. */
export const ln = amcFunction({
  name: 'LN',
  takes: ['number'],
  gives: 'DOUBLE',
  sql: 'amc.ln($1)',
  examples: [
    ['ROUND(LN(10), 4)', '2.3026'],
    ['LN(0)', ''],
  ],
});
