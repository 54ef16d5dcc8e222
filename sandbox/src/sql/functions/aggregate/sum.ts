import { amcFunction } from '../define.ts';

/** SUM(number). */
export const sum = amcFunction({
  name: 'SUM',
  takes: ['sum'],
  gives: (call) => (call.types[0] === 'INTEGER' ? 'LONG' : call.types[0]),
  sql: 'sum($1)',
  kind: 'aggregate',
  examples: [['SUM(n)', '11']],
});
