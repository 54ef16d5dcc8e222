import { amcFunction } from '../define.ts';

/** PERCENTILE(number, share): interpolated between neighbours. */
export const percentile = amcFunction({
  name: 'PERCENTILE',
  takes: ['sum', 'number'],
  gives: 'DOUBLE',
  sql: 'CAST(percentile_cont(CAST($2 AS float8)) WITHIN GROUP (ORDER BY $1) AS numeric)',
  kind: 'aggregate',
  examples: [['PERCENTILE(n, 0.75)', '5']],
});
