import { amcFunction, places } from '../define.ts';

/** NAMED_ROW(name, value, …): the values side by side; the names are dropped, the values compare and sort in order, as Amazon’s rows do. */
export const namedRow = amcFunction({
  name: 'NAMED_ROW',
  takes: ['part', 'any'],
  variadic: true,
  gives: 'ROW',
  sql: (call) =>
    `jsonb_build_array(${places(call)
      .filter((_, index) => index % 2 === 1)
      .join(', ')})`,
  sideBySide: true,
  examples: [["ARRAY_TO_STRING(ARRAY[NAMED_ROW('order', 1, 'what', 'Tents')], '')", '"[1, \\"Tents\\"]"']],
});
