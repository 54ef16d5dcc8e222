import { amcFunction } from '../define.ts';
import { sameNumber } from '../given-type.ts';

/** ABS(number). */
export const abs = amcFunction({
  name: 'ABS',
  takes: ['number'],
  gives: sameNumber,
  sql: 'abs($1)',
  examples: [['ABS(-1.5)', '1.5']],
});
