import { amcFunction } from '../define.ts';

/** TRIM(string), TRIM(BOTH x FROM string): without blanks, or the given characters, on both ends. */
export const trim = amcFunction({
  name: 'TRIM',
  aliases: ['BTRIM'],
  takes: ['text', 'text'],
  optional: 1,
  gives: 'STRING',
  sql: (call) => (call.types.length > 1 ? 'btrim($1, $2)' : 'btrim($1)'),
  examples: [
    ["CONCAT('<', TRIM('  a '), '>')", '<a>'],
    ["TRIM(BOTH 'x' FROM 'xxaxx')", 'a'],
  ],
});
