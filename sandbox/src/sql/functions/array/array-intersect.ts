import { amcFunction } from '../define.ts';
import { sameArray } from '../given-type.ts';

/** ARRAY_INTERSECT(a, b): what is in both, in the order of a. */
export const arrayIntersect = amcFunction({
  name: 'ARRAY_INTERSECT',
  takes: ['array', 'array'],
  gives: sameArray,
  sql: 'amc.array_intersect($1, $2)',
  examples: [["ARRAY_TO_STRING(ARRAY_INTERSECT(ARRAY['c', 'a', 'b'], ARRAY['b', 'c']), '+')", 'c+b']],
});
