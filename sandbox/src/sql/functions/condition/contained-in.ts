import { amcFunction } from '../define.ts';
import { inValues } from './equal-any.ts';

/** CONTAINED_IN(value, a, b, …): whether it equals one of them. */
export const containedIn = amcFunction({
  name: 'CONTAINED_IN',
  takes: ['any', 'any'],
  variadic: true,
  gives: 'BOOLEAN',
  sql: inValues,
  examples: [
    ["CONTAINED_IN('b', 'a', 'b')", 'TRUE'],
    ["CONTAINED_IN(3, 1, '2')", 'FALSE'],
  ],
});
