import { amcFunction } from '../define.ts';

/** VARIANCE(number): of a sample. */
export const variance = amcFunction({
  name: 'VARIANCE',
  aliases: ['VAR_SAMP'],
  takes: ['sum'],
  gives: 'DOUBLE',
  sql: 'var_samp($1)',
  kind: 'aggregate',
  examples: [
    ['ROUND(VARIANCE(n), 4)', '6.3333'],
    ['ROUND(VAR_SAMP(n), 4)', '6.3333'],
  ],
});
