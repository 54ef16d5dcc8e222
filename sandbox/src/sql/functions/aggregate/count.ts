import { amcFunction } from '../define.ts';
import { countOf } from './count-rows.ts';

/** COUNT(*), COUNT(value), COUNT(DISTINCT a, b): with several values those rows count where all are known. */
export const count = amcFunction({
  name: 'COUNT',
  takes: ['any'],
  variadic: true,
  gives: 'LONG',
  sql: countOf,
  kind: 'aggregate',
  examples: [
    ['COUNT(*)', '3'],
    ['COUNT(n)', '3'],
    ['COUNT(DISTINCT t)', '2'],
    ['COUNT(DISTINCT t, n)', '3'],
  ],
});
