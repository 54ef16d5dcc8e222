import { amcFunction } from '../define.ts';

/** DENSE_RANK() OVER (…): ties share a place and leave none. */
export const denseRank = amcFunction({
  name: 'DENSE_RANK',
  takes: [],
  gives: 'LONG',
  sql: 'dense_rank()',
  kind: 'window',
  examples: [],
});
