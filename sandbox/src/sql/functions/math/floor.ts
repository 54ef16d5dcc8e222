import { amcFunction } from '../define.ts';
import { sameNumber } from '../given-type.ts';

/** FLOOR(number): down to a whole number. */
export const floor = amcFunction({
  name: 'FLOOR',
  takes: ['number'],
  gives: sameNumber,
  sql: 'floor($1)',
  examples: [['FLOOR(-1.2)', '-2']],
});
