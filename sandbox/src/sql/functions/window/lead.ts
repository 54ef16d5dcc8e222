import { amcFunction, places } from '../define.ts';
import { same } from '../given-type.ts';

/** LEAD(value [, rows [, default]]) OVER (…). */
export const lead = amcFunction({
  name: 'LEAD',
  takes: ['any', 'whole', 'any'],
  optional: 2,
  gives: same,
  sql: (call) => `lead(${places(call).join(', ')})`,
  kind: 'window',
  examples: [],
  undocumented: true,
});
