import { amcFunction } from '../define.ts';
import { same } from '../given-type.ts';

/** APPROX_PERCENTILE(number, share): the value at that place, without interpolation. */
export const approxPercentile = amcFunction({
  name: 'APPROX_PERCENTILE',
  takes: ['sum', 'number'],
  gives: same,
  sql: 'percentile_disc(CAST($2 AS float8)) WITHIN GROUP (ORDER BY $1)',
  kind: 'aggregate',
  examples: [['APPROX_PERCENTILE(n, 0.75)', '6']],
});
