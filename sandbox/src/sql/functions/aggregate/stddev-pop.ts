import { amcFunction } from '../define.ts';

/** STDDEV_POP(number): of the whole population. */
export const stddevPop = amcFunction({
  name: 'STDDEV_POP',
  takes: ['sum'],
  gives: 'DOUBLE',
  sql: 'stddev_pop($1)',
  kind: 'aggregate',
  examples: [['ROUND(STDDEV_POP(n), 4)', '2.0548']],
});
