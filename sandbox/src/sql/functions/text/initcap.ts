import { amcFunction } from '../define.ts';

/** INITCAP(string): each word with a capital. */
export const initcap = amcFunction({
  name: 'INITCAP',
  takes: ['text'],
  gives: 'STRING',
  sql: 'initcap($1 COLLATE "pg_c_utf8")',
  examples: [["INITCAP('two tents')", 'Two Tents']],
  undocumented: true,
});
