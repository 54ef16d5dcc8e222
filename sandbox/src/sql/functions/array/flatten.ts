import { elementOf } from '../../types.ts';
import { amcFunction } from '../define.ts';

/** FLATTEN(array of arrays): their elements in one array. */
export const flatten = amcFunction({
  name: 'FLATTEN',
  takes: ['array'],
  gives: (call) => elementOf(call.types[0]),
  sql: 'amc.flatten($1)',
  examples: [["ARRAY_TO_STRING(FLATTEN(ARRAY[ARRAY[1, 2], ARRAY[3, 4]]), '')", '1234']],
});
