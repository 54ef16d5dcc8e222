import { amcFunction } from '../define.ts';

/** EXP(number): e to its power. */
export const exp = amcFunction({
  name: 'EXP',
  takes: ['number'],
  gives: 'DOUBLE',
  sql: 'amc.exp($1)',
  examples: [['ROUND(EXP(2), 4)', '7.3891']],
});
