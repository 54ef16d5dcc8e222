import { amcFunction } from '../define.ts';
import { same } from '../given-type.ts';

/** MIN(value). */
export const min = amcFunction({
  name: 'MIN',
  takes: ['any'],
  gives: same,
  sql: 'min($1)',
  kind: 'aggregate',
  examples: [['MIN(n)', '1']],
});
