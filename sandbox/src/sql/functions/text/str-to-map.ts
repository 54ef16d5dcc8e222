import { amcFunction } from '../define.ts';

/** STR_TO_MAP(string, pairs, keys): a map of the pairs; a pair without a value has NULL, the last of equal keys stays. */
export const strToMap = amcFunction({
  name: 'STR_TO_MAP',
  takes: ['text', 'text', 'text'],
  gives: 'MAP',
  sql: 'amc.str_to_map($1, $2, $3)',
  examples: [
    ["(STR_TO_MAP('a:1,b:2', ',', ':'))['b']", '2'],
    ["(STR_TO_MAP('a:1', ',', ':'))['z']", ''],
  ],
});
