import { amcFunction } from '../define.ts';
import { same } from '../given-type.ts';

/** LAST_VALUE(value) OVER (…). */
export const lastValue = amcFunction({
  name: 'LAST_VALUE',
  takes: ['any'],
  gives: same,
  sql: 'last_value($1)',
  kind: 'window',
  examples: [],
  undocumented: true,
});
