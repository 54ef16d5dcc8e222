import { commonType } from '../../types.ts';
import { amcFunction } from '../define.ts';
import { oneType } from './one-type.ts';

/** IFNULL(a, b): the first that is not NULL. */
export const ifnull = amcFunction({
  name: 'IFNULL',
  aliases: ['NVL'],
  takes: ['any', 'any'],
  gives: (call) => commonType(call.types),
  sql: (call) => oneType(call, 0, (values) => `COALESCE(${values.join(', ')})`),
  examples: [
    ["IFNULL(CAST(NULL AS STRING), 'none')", 'none'],
    ['NVL(CAST(NULL AS LONG), 7)', '7'],
  ],
});
