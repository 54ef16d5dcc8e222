import { elementOf } from '../../types.ts';
import { amcFunction } from '../define.ts';

/** EXPLODE(array): a row for each element; also UNNEST in FROM. */
export const explode = amcFunction({
  name: 'EXPLODE',
  aliases: ['UNNEST'],
  takes: ['array'],
  gives: (call) => elementOf(call.types[0]),
  sql: 'unnest($1)',
  examples: [],
});
