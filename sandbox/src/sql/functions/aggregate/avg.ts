import { amcFunction } from '../define.ts';

/** AVG(number). */
export const avg = amcFunction({
  name: 'AVG',
  takes: ['sum'],
  gives: 'DECIMAL',
  sql: 'avg($1)',
  kind: 'aggregate',
  examples: [['ROUND(AVG(n), 3)', '3.667']],
});
