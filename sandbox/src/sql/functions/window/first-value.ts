import { amcFunction } from '../define.ts';
import { same } from '../given-type.ts';

/** FIRST_VALUE(value) OVER (…). */
export const firstValue = amcFunction({
  name: 'FIRST_VALUE',
  takes: ['any'],
  gives: same,
  sql: 'first_value($1)',
  kind: 'window',
  examples: [],
  undocumented: true,
});
