import { amcFunction } from '../define.ts';
import { pattern } from './pattern.ts';

/** REGEXP_SUBSTR(string, pattern): the first match of a Java pattern, NULL where there is none. */
export const regexpSubstr = amcFunction({
  name: 'REGEXP_SUBSTR',
  takes: ['text', 'pattern'],
  gives: 'STRING',
  sql: (call) => `regexp_substr($1 COLLATE "pg_c_utf8", ${pattern(call, 1)})`,
  examples: [
    ["REGEXP_SUBSTR('Campaign 2026 Q3', '\\d{4}')", '2026'],
    ["REGEXP_SUBSTR('abc', '\\d+')", ''],
  ],
});
