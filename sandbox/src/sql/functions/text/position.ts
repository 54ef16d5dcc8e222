import { amcFunction } from '../define.ts';

/** POSITION(substring IN string): from one; 0 where it is not. */
export const position = amcFunction({
  name: 'POSITION',
  takes: ['text', 'text'],
  gives: 'INTEGER',
  sql: 'strpos($2, $1)',
  examples: [
    ["POSITION('b' IN 'abc')", '2'],
    ["POSITION('z' IN 'abc')", '0'],
  ],
});
