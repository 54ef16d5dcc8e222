import { amcFunction } from '../define.ts';

/** SKEWNESS(number): the third moment over the cube of the population’s deviation; NULL where all are equal. */
export const skewness = amcFunction({
  name: 'SKEWNESS',
  takes: ['sum'],
  gives: 'DOUBLE',
  sql: 'amc.skewness($1)',
  kind: 'aggregate',
  examples: [['ROUND(SKEWNESS(n), 4)', '-0.2391']],
});
