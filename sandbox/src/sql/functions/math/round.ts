import { amcFunction } from '../define.ts';
import { sameNumber } from '../given-type.ts';

/** ROUND(number [, places]): half away from zero. */
export const round = amcFunction({
  name: 'ROUND',
  takes: ['number', 'whole'],
  optional: 1,
  gives: sameNumber,
  sql: (call) => (call.types.length > 1 ? 'round($1, $2)' : 'round($1)'),
  examples: [
    ['ROUND(2.5)', '3'],
    ['ROUND(-2.345, 2)', '-2.35'],
  ],
});
