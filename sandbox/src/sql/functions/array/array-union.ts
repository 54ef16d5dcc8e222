import { amcFunction } from '../define.ts';
import { sameArray } from '../given-type.ts';

/** ARRAY_UNION(a, b): each element of both once. */
export const arrayUnion = amcFunction({
  name: 'ARRAY_UNION',
  takes: ['array', 'array'],
  gives: sameArray,
  sql: 'amc.array_distinct(array_cat($1, $2))',
  examples: [["ARRAY_TO_STRING(ARRAY_UNION(ARRAY['a', 'b'], ARRAY['b', 'c']), '+')", 'a+b+c']],
});
