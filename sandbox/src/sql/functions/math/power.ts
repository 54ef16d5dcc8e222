import { amcFunction } from '../define.ts';

/** POWER(number, power): NULL where no real number is meant. */
export const power = amcFunction({
  name: 'POWER',
  takes: ['number', 'number'],
  gives: 'DOUBLE',
  sql: 'amc.power($1, $2)',
  examples: [
    ['ROUND(POWER(2, 10), 1)', '1024.0'],
    ['POWER(0, -1)', ''],
    ['POWER(-8, 0.5)', ''],
  ],
});
