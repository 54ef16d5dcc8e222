import { amcFunction } from '../define.ts';
import { sameArray } from '../given-type.ts';

/** ARRAY_CAT(a, b): one after the other. */
export const arrayCat = amcFunction({
  name: 'ARRAY_CAT',
  takes: ['array', 'array'],
  gives: sameArray,
  sql: 'array_cat($1, $2)',
  examples: [["ARRAY_TO_STRING(ARRAY_CAT(ARRAY['a'], ARRAY['b', 'a']), ',')", '"a,b,a"']],
});
