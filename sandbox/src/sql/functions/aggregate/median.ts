import { amcFunction } from '../define.ts';

/** MEDIAN(number): the middle, or the mean of the two in the middle. */
export const median = amcFunction({
  name: 'MEDIAN',
  takes: ['sum'],
  gives: 'DOUBLE',
  sql: 'CAST(percentile_cont(0.5) WITHIN GROUP (ORDER BY $1) AS numeric)',
  kind: 'aggregate',
  examples: [['MEDIAN(n)', '4']],
});
