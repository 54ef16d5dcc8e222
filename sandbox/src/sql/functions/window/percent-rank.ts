import { amcFunction } from '../define.ts';

/** PERCENT_RANK() OVER (…). */
export const percentRank = amcFunction({
  name: 'PERCENT_RANK',
  takes: [],
  gives: 'DOUBLE',
  sql: 'CAST(percent_rank() AS numeric)',
  kind: 'window',
  examples: [],
  undocumented: true,
});
