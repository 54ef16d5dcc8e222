import { commonType } from '../../types.ts';
import { amcFunction } from '../define.ts';
import { oneType } from './one-type.ts';

/** NVL2(a, b, c): b where a is known, else c. */
export const nvl2 = amcFunction({
  name: 'NVL2',
  takes: ['any', 'any', 'any'],
  gives: (call) => commonType(call.types.slice(1)),
  sql: (call) => oneType(call, 1, (values) => `CASE WHEN $1 IS NOT NULL THEN ${values[0]} ELSE ${values[1]} END`),
  examples: [
    ["NVL2('x', 'known', 'unknown')", 'known'],
    ['NVL2(CAST(NULL AS STRING), 1, 2)', '2'],
  ],
});
