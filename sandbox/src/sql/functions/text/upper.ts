import { amcFunction } from '../define.ts';

/** UPPER(string). */
export const upper = amcFunction({
  name: 'UPPER',
  takes: ['text'],
  gives: 'STRING',
  sql: 'upper($1 COLLATE "pg_c_utf8")',
  text: (call) => call.texts[0]?.toUpperCase(),
  examples: [["UPPER('Küche')", 'KÜCHE']],
});
