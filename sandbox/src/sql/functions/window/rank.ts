import { amcFunction } from '../define.ts';

/** RANK() OVER (…): ties share a place and leave a gap. */
export const rank = amcFunction({
  name: 'RANK',
  takes: [],
  gives: 'LONG',
  sql: 'rank()',
  kind: 'window',
  examples: [],
});
