import { amcFunction, places } from '../define.ts';
import { same } from '../given-type.ts';

/** LAG(value [, rows [, default]]) OVER (…). */
export const lag = amcFunction({
  name: 'LAG',
  takes: ['any', 'whole', 'any'],
  optional: 2,
  gives: same,
  sql: (call) => `lag(${places(call).join(', ')})`,
  kind: 'window',
  examples: [],
  undocumented: true,
});
