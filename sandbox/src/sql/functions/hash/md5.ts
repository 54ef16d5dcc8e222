import { amcFunction } from '../define.ts';

/** MD5(string): in hexadecimal. */
export const md5 = amcFunction({
  name: 'MD5',
  takes: ['text'],
  gives: 'STRING',
  sql: 'md5($1)',
  examples: [["MD5('abc')", '900150983cd24fb0d6963f7d28e17f72']],
});
