import { amcFunction } from '../define.ts';
import { sameArray } from '../given-type.ts';

/** ARRAY_COMPLEMENT(a, b): what is in a and not in b. */
export const arrayComplement = amcFunction({
  name: 'ARRAY_COMPLEMENT',
  takes: ['array', 'array'],
  gives: sameArray,
  sql: 'amc.array_complement($1, $2)',
  examples: [["ARRAY_TO_STRING(ARRAY_COMPLEMENT(ARRAY['a', 'b', 'c'], ARRAY['b']), '+')", 'a+c']],
});
