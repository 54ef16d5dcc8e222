import { amcFunction } from '../define.ts';
import { pattern } from './pattern.ts';

/** REGEXP_SPLIT(string, pattern): the texts between the matches of a Java pattern. */
export const regexpSplit = amcFunction({
  name: 'REGEXP_SPLIT',
  takes: ['text', 'pattern'],
  gives: 'ARRAY<STRING>',
  sql: (call) => `regexp_split_to_array($1 COLLATE "pg_c_utf8", ${pattern(call, 1)})`,
  examples: [["ARRAY_TO_STRING(REGEXP_SPLIT('a,b;c', '[,;]'), '+')", 'a+b+c']],
});
