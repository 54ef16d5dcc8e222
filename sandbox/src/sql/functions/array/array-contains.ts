import { amcFunction } from '../define.ts';
import { elementLike } from './element-like.ts';

/** ARRAY_CONTAINS(array, value). */
export const arrayContains = amcFunction({
  name: 'ARRAY_CONTAINS',
  takes: ['array', 'any'],
  gives: 'BOOLEAN',
  sql: (call) => `COALESCE(${elementLike(call, 1)} = ANY ($1), FALSE)`,
  examples: [
    ['ARRAY_CONTAINS(ARRAY[1, 2], 2)', 'TRUE'],
    ["ARRAY_CONTAINS(ARRAY['a'], 'b')", 'FALSE'],
  ],
});
