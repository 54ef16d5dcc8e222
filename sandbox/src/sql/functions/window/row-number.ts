import { amcFunction } from '../define.ts';

/** ROW_NUMBER() OVER (…). */
export const rowNumber = amcFunction({
  name: 'ROW_NUMBER',
  takes: [],
  gives: 'LONG',
  sql: 'row_number()',
  kind: 'window',
  examples: [],
});
