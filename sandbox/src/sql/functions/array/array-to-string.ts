import { amcFunction } from '../define.ts';

/** ARRAY_TO_STRING(array, separator): the elements as one text; NULL elements are left out. */
export const arrayToString = amcFunction({
  name: 'ARRAY_TO_STRING',
  takes: ['array', 'text'],
  gives: 'STRING',
  sql: 'array_to_string($1, $2)',
  examples: [["ARRAY_TO_STRING(ARRAY[1, 2, 3], ' > ')", '1 > 2 > 3']],
});
