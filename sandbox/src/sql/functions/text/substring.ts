import { amcFunction } from '../define.ts';

/** SUBSTRING(string FROM start [FOR length]): from one; a negative length gives an empty text. */
export const substring = amcFunction({
  name: 'SUBSTRING',
  aliases: ['SUBSTR'],
  takes: ['text', 'whole', 'whole'],
  optional: 1,
  gives: 'STRING',
  sql: (call) => (call.types.length > 2 ? 'substr($1, $2, GREATEST($3, 0))' : 'substr($1, $2)'),
  examples: [
    ["SUBSTRING('tents' FROM 2 FOR 3)", 'ent'],
    ["SUBSTRING('tents', 3)", 'nts'],
    ["SUBSTR('tents', 1, -4)", ''],
  ],
});
