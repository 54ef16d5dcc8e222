import { amcFunction } from '../define.ts';
import { binaryTo } from './encoding.ts';

/** FROM_VARBINARY(binary, encoding): hex, base64 or utf-8. */
export const fromVarbinary = amcFunction({
  name: 'FROM_VARBINARY',
  takes: ['binary', 'part'],
  gives: 'STRING',
  sql: binaryTo,
  examples: [
    ["FROM_VARBINARY(TO_VARBINARY('4bc3b66c6e', 'hex'), 'utf-8')", 'Köln'],
    ["FROM_VARBINARY(TO_VARBINARY('abc', 'utf-8'), 'base64')", 'YWJj'],
  ],
});
