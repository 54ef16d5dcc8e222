import { amcFunction } from '../define.ts';
import { binaryFrom } from './encoding.ts';

/** TO_VARBINARY(string, encoding): hex, base64 or utf-8; NULL where the text is none. */
export const toVarbinary = amcFunction({
  name: 'TO_VARBINARY',
  takes: ['text', 'part'],
  gives: 'BINARY',
  sql: binaryFrom,
  examples: [
    ["FROM_VARBINARY(TO_VARBINARY('Köln', 'utf-8'), 'hex')", '4bc3b66c6e'],
    ["FROM_VARBINARY(TO_VARBINARY('zz', 'hex'), 'utf-8')", ''],
  ],
});
