import { amcFunction } from '../define.ts';
import { sameNumber } from '../given-type.ts';

/** SIGN(number): -1, 0 or 1. */
export const sign = amcFunction({
  name: 'SIGN',
  takes: ['number'],
  gives: sameNumber,
  sql: 'sign($1)',
  examples: [['SIGN(-7)', '-1']],
  undocumented: true,
});
