import { amcFunction } from '../define.ts';

/** VAR_POP(number): of the whole population. */
export const varPop = amcFunction({
  name: 'VAR_POP',
  takes: ['sum'],
  gives: 'DOUBLE',
  sql: 'var_pop($1)',
  kind: 'aggregate',
  examples: [['ROUND(VAR_POP(n), 4)', '4.2222']],
});
