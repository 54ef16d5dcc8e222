import { amcFunction } from '../define.ts';

/** NTILE(parts) OVER (…). */
export const ntile = amcFunction({
  name: 'NTILE',
  takes: ['whole'],
  gives: 'LONG',
  sql: 'ntile($1)',
  kind: 'window',
  examples: [],
  undocumented: true,
});
