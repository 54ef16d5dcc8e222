import { amcFunction } from '../define.ts';
import { sameArray } from '../given-type.ts';

/** ARRAY_SORT(array): in ascending order. */
export const arraySort = amcFunction({
  name: 'ARRAY_SORT',
  takes: ['array'],
  gives: sameArray,
  sql: 'amc.array_sort($1)',
  examples: [["ARRAY_TO_STRING(ARRAY_SORT(ARRAY[3, 1, 2]), '')", '123']],
});
