import { amcFunction } from '../define.ts';

/** RTRIM(string): without the blanks at its end; TRIM(TRAILING x FROM string) is parsed to it. */
export const rtrim = amcFunction({
  name: 'RTRIM',
  takes: ['text', 'text'],
  optional: 1,
  gives: 'STRING',
  sql: (call) => (call.types.length > 1 ? 'rtrim($1, $2)' : 'rtrim($1)'),
  examples: [
    ["CONCAT('<', RTRIM(' a  '), '>')", '< a>'],
    ["TRIM(TRAILING 'x' FROM 'xxaxx')", 'xxa'],
  ],
});
