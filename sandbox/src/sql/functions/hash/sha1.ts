import { amcFunction } from '../define.ts';

/** SHA1(string): in hexadecimal. */
export const sha1 = amcFunction({
  name: 'SHA1',
  takes: ['text'],
  gives: 'STRING',
  sql: 'amc.sha1($1)',
  examples: [["SHA1('abc')", 'a9993e364706816aba3e25717850c26c9cd0d89d']],
});
