import { arrayOf } from '../../types.ts';
import { amcFunction } from '../define.ts';

/** COLLECT([DISTINCT] value): the values as an array, NULL too. */
export const collect = amcFunction({
  name: 'COLLECT',
  takes: ['any'],
  gives: (call) => arrayOf(call.types[0]),
  sql: 'array_agg($1)',
  kind: 'aggregate',
  examples: [
    ['CARDINALITY(COLLECT(DISTINCT t))', '2'],
    ["ARRAY_TO_STRING(ARRAY_SORT(COLLECT(n)), '')", '146'],
  ],
});
