import { amcFunction } from '../define.ts';
import { sameArray } from '../given-type.ts';
import { elementLike } from './element-like.ts';

/** ARRAY_REMOVE(array, value): without every element equal to it. */
export const arrayRemove = amcFunction({
  name: 'ARRAY_REMOVE',
  takes: ['array', 'any'],
  gives: sameArray,
  sql: (call) => `array_remove($1, ${elementLike(call, 1)})`,
  examples: [["ARRAY_TO_STRING(ARRAY_REMOVE(ARRAY['a', 'b', 'a'], 'a'), '+')", 'b']],
});
