import { amcFunction } from '../define.ts';

/** LOG(base, number): NULL where there is none. */
export const log = amcFunction({
  name: 'LOG',
  takes: ['number', 'number'],
  gives: 'DOUBLE',
  sql: 'amc.log($1, $2)',
  examples: [
    ['ROUND(LOG(2, 8), 4)', '3.0000'],
    ['LOG(1, 8)', ''],
  ],
});
