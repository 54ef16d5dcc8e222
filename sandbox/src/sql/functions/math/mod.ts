import { amcFunction } from '../define.ts';
import { sameNumber } from '../given-type.ts';

/** MOD(a, b): the remainder, with the sign of a; NULL where b is zero. */
export const mod = amcFunction({
  name: 'MOD',
  takes: ['number', 'number'],
  gives: sameNumber,
  sql: 'mod($1, NULLIF($2, 0))',
  examples: [
    ['MOD(-7, 3)', '-1'],
    ['MOD(7, 0)', ''],
  ],
  undocumented: true,
});
