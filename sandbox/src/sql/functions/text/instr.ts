import { amcFunction } from '../define.ts';

/** INSTR(string, substring): where the second begins in the first, from one; 0 where it is not. */
export const instr = amcFunction({
  name: 'INSTR',
  takes: ['text', 'text'],
  gives: 'INTEGER',
  sql: 'strpos($1, $2)',
  examples: [
    ["INSTR('tents and lamps', 'lamps')", '11'],
    ["INSTR('a', 'b')", '0'],
  ],
});
