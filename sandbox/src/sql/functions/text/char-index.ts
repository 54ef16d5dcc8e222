import { amcFunction } from '../define.ts';

/** CHARINDEX(substring, string [, start]): where the first begins in the second, from one; 0 where it is not. */
export const charindex = amcFunction({
  name: 'CHARINDEX',
  aliases: ['LOCATE'],
  takes: ['text', 'text', 'whole'],
  optional: 1,
  gives: 'INTEGER',
  sql: (call) => (call.types.length > 2 ? 'amc.position_from($1, $2, $3)' : 'strpos($2, $1)'),
  examples: [
    ["CHARINDEX('b', 'abcb')", '2'],
    ["CHARINDEX('b', 'abcb', 3)", '4'],
    ["LOCATE('x', 'abc')", '0'],
  ],
});
