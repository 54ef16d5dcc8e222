import { amcFunction } from '../define.ts';

/** STDDEV(number): of a sample. */
export const stddev = amcFunction({
  name: 'STDDEV',
  aliases: ['STDDEV_SAMP'],
  takes: ['sum'],
  gives: 'DOUBLE',
  sql: 'stddev_samp($1)',
  kind: 'aggregate',
  examples: [
    ['ROUND(STDDEV(n), 4)', '2.5166'],
    ['ROUND(STDDEV_SAMP(n), 4)', '2.5166'],
  ],
});
