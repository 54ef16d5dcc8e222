import { amcFunction } from '../define.ts';

/** E(): the base of natural logarithms. */
export const eulersNumber = amcFunction({
  name: 'E',
  takes: [],
  gives: 'DOUBLE',
  sql: 'exp(1::numeric)',
  examples: [['ROUND(E(), 5)', '2.71828']],
});
