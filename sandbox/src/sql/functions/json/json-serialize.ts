import { amcFunction } from '../define.ts';

/** JSON_SERIALIZE(json): its text; NULL where the text is no JSON. */
export const jsonSerialize = amcFunction({
  name: 'JSON_SERIALIZE',
  takes: ['text'],
  gives: 'STRING',
  sql: 'amc.json_serialize($1)',
  examples: [["JSON_SERIALIZE('[1,  2]')", '"[1, 2]"']],
});
