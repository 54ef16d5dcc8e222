import { amcFunction } from '../define.ts';
import { sameArray } from '../given-type.ts';

/** ARRAY_DISTINCT(array): each element once, in the order of its first appearance. */
export const arrayDistinct = amcFunction({
  name: 'ARRAY_DISTINCT',
  takes: ['array'],
  gives: sameArray,
  sql: 'amc.array_distinct($1)',
  examples: [["ARRAY_TO_STRING(ARRAY_DISTINCT(ARRAY['b', 'a', 'b']), '+')", 'b+a']],
});
