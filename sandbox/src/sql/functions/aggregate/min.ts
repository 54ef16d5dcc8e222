import { amcFunction } from '../define.ts';
import { same } from '../given-type.ts';

/** MIN(value). */
export const min = amcFunction({
  name: 'MIN',
  takes: ['any'],
  gives: same,
  sql: (call) => (call.types[0] === 'BOOLEAN' ? 'bool_and($1)' : 'min($1)'),
  kind: 'aggregate',
  examples: [
    ['MIN(n)', '1'],
    ['MIN(n > 5)', 'FALSE'],
  ],
});
