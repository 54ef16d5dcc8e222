import { amcFunction } from '../define.ts';
import { jsonPath } from './path.ts';

/** JSON_EXTRACT(json, path): what a JSON path finds first, as JSON; NULL where the text is no JSON or nothing is there. */
export const jsonExtract = amcFunction({
  name: 'JSON_EXTRACT',
  takes: ['text', 'pattern'],
  gives: 'STRING',
  sql: (call) => `amc.json_extract($1, ${jsonPath(call)})`,
  examples: [
    [`JSON_EXTRACT('{"a": {"b": [1, 2]}}', '$.a.b[1]')`, '2'],
    ["JSON_EXTRACT('no json', '$.a')", ''],
  ],
});
