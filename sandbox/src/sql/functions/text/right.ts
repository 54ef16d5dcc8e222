import { amcFunction } from '../define.ts';

/** RIGHT(string, length): the last characters. */
export const right = amcFunction({
  name: 'RIGHT',
  takes: ['text', 'whole'],
  gives: 'STRING',
  sql: 'right($1, GREATEST($2, 0))',
  examples: [
    ["RIGHT('tents', 3)", 'nts'],
    ["RIGHT('ab', 9)", 'ab'],
  ],
});
