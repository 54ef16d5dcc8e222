import { amcFunction } from '../define.ts';

/** STRPOS(string, substring): from one; 0 where it is not. */
export const strpos = amcFunction({
  name: 'STRPOS',
  takes: ['text', 'text'],
  gives: 'INTEGER',
  sql: 'strpos($1, $2)',
  examples: [["STRPOS('abc', 'c')", '3']],
});
