import { amcFunction } from '../define.ts';

/** CUME_DIST() OVER (…). */
export const cumeDist = amcFunction({
  name: 'CUME_DIST',
  takes: [],
  gives: 'DOUBLE',
  sql: 'CAST(cume_dist() AS numeric)',
  kind: 'window',
  examples: [],
  undocumented: true,
});
