import { amcFunction } from '../define.ts';

/** LTRIM(string): without the blanks at its beginning; TRIM(LEADING x FROM string) is parsed to it. */
export const ltrim = amcFunction({
  name: 'LTRIM',
  takes: ['text', 'text'],
  optional: 1,
  gives: 'STRING',
  sql: (call) => (call.types.length > 1 ? 'ltrim($1, $2)' : 'ltrim($1)'),
  examples: [
    ["CONCAT('<', LTRIM('  a '), '>')", '<a >'],
    ["TRIM(LEADING 'x' FROM 'xxaxx')", 'axx'],
  ],
});
