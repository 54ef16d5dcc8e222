import { amcFunction } from '../define.ts';

/** CARDINALITY(array): how many elements. */
export const cardinality = amcFunction({
  name: 'CARDINALITY',
  takes: ['array'],
  gives: 'INTEGER',
  sql: 'cardinality($1)',
  examples: [["CARDINALITY(ARRAY['a', 'b'])", '2']],
});
