import { commonType } from '../../types.ts';
import { amcFunction } from '../define.ts';
import { oneType } from './one-type.ts';

/** IF(condition, then, else). */
export const ifElse = amcFunction({
  name: 'IF',
  takes: ['boolean', 'any', 'any'],
  gives: (call) => commonType(call.types.slice(1)),
  sql: (call) => oneType(call, 1, (values) => `CASE WHEN $1 THEN ${values[0]} ELSE ${values[1]} END`),
  examples: [
    ["IF(1 < 2, 'yes', 'no')", 'yes'],
    ["IF(CAST(NULL AS BOOLEAN), 1, 'none')", 'none'],
  ],
});
