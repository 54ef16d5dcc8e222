import { quoteText } from '../../ast.ts';
import { postgresReplacement } from '../../text/java-pattern.ts';
import { amcFunction } from '../define.ts';
import { pattern } from './pattern.ts';

/** REGEXP_REPLACE(string, pattern, replacement): every match of a Java pattern; $1 is its first group. */
export const regexpReplace = amcFunction({
  name: 'REGEXP_REPLACE',
  takes: ['text', 'pattern', 'pattern'],
  gives: 'STRING',
  sql: (call) => `regexp_replace($1 COLLATE "pg_c_utf8", ${pattern(call, 1)}, ${quoteText(postgresReplacement(call.texts[2] ?? ''))}, 'g')`,
  examples: [
    ["REGEXP_REPLACE('SP | Tents | Exact', '\\s*\\|\\s*', '/')", 'SP/Tents/Exact'],
    ["REGEXP_REPLACE('k=v', '(\\w)=(\\w)', '$2=$1')", 'v=k'],
  ],
});
