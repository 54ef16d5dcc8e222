import { amcFunction } from '../define.ts';
import { same } from '../given-type.ts';

/** NTH_VALUE(value, n) OVER (…). */
export const nthValue = amcFunction({
  name: 'NTH_VALUE',
  takes: ['any', 'whole'],
  gives: same,
  sql: 'nth_value($1, $2)',
  kind: 'window',
  examples: [],
  undocumented: true,
});
