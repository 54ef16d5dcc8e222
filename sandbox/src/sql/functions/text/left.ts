import { amcFunction } from '../define.ts';

/** LEFT(string, length): the first characters. */
export const left = amcFunction({
  name: 'LEFT',
  takes: ['text', 'whole'],
  gives: 'STRING',
  sql: 'left($1, GREATEST($2, 0))',
  examples: [
    ["LEFT('Ålesund', 2)", 'Ål'],
    ["LEFT('ab', 5)", 'ab'],
    ["LEFT('ab', -1)", ''],
  ],
});
