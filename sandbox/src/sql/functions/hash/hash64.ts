import { amcFunction } from '../define.ts';

/** HASH64(value): a whole number of 64 bits; not Amazon’s own, whose way is not published. */
export const hash64 = amcFunction({
  name: 'HASH64',
  takes: ['text'],
  gives: 'LONG',
  sql: 'hashtextextended($1, 0)',
  examples: [
    ["HASH64('a') = HASH64('a')", 'TRUE'],
    ["HASH64('a') = HASH64('b')", 'FALSE'],
  ],
});
