import { amcFunction } from '../define.ts';
import { sameNumber } from '../given-type.ts';

/** CEIL(number): up to a whole number. */
export const ceil = amcFunction({
  name: 'CEIL',
  aliases: ['CEILING'],
  takes: ['number'],
  gives: sameNumber,
  sql: 'ceil($1)',
  examples: [
    ['CEIL(1.2)', '2'],
    ['CEILING(-1.2)', '-1'],
  ],
});
