import { amcFunction } from '../define.ts';

/** REPLACE(string, search, replacement): every occurrence. */
export const replace = amcFunction({
  name: 'REPLACE',
  takes: ['text', 'text', 'text'],
  gives: 'STRING',
  sql: 'replace($1, $2, $3)',
  examples: [["REPLACE('a-b-c', '-', '+')", 'a+b+c']],
});
