import { amcFunction } from '../define.ts';
import { same } from '../given-type.ts';

/** MAX(value). */
export const max = amcFunction({
  name: 'MAX',
  takes: ['any'],
  gives: same,
  sql: (call) => (call.types[0] === 'BOOLEAN' ? 'bool_or($1)' : 'max($1)'),
  kind: 'aggregate',
  examples: [
    ['MAX(n)', '6'],
    ['MAX(t)', 'b'],
    ['MAX(n > 5)', 'TRUE'],
  ],
});
