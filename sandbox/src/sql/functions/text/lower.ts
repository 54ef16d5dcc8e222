import { amcFunction } from '../define.ts';

/** LOWER(string). */
export const lower = amcFunction({
  name: 'LOWER',
  takes: ['text'],
  gives: 'STRING',
  sql: 'lower($1 COLLATE "pg_c_utf8")',
  text: (call) => call.texts[0]?.toLowerCase(),
  examples: [["LOWER('ÄÖ')", 'äö']],
});
