import { amcFunction } from '../define.ts';
import { sameNumber } from '../given-type.ts';

/** TRUNC(number [, places]): cut off, not rounded. */
export const trunc = amcFunction({
  name: 'TRUNC',
  aliases: ['TRUNCATE'],
  takes: ['number', 'whole'],
  optional: 1,
  gives: sameNumber,
  sql: (call) => (call.types.length > 1 ? 'trunc($1, $2)' : 'trunc($1)'),
  examples: [
    ['TRUNC(2.79, 1)', '2.7'],
    ['TRUNCATE(-2.7)', '-2'],
  ],
});
