import { timestampConstant } from '../../expressions/current-time.ts';
import { SqlRejected } from '../../rejection.ts';
import { amcFunction } from '../define.ts';

/** BUILT_IN_PARAMETER('TIME_WINDOW_START' or 'TIME_WINDOW_END'): the window of the execution, in UTC. */
export const builtInParameter = amcFunction({
  name: 'BUILT_IN_PARAMETER',
  takes: ['part'],
  gives: 'TIMESTAMP',
  sql: ({ texts: [name], dialect }) => {
    if (name === 'TIME_WINDOW_START') return timestampConstant(dialect.windowStart);
    if (name === 'TIME_WINDOW_END') return timestampConstant(dialect.windowEnd);
    throw new SqlRejected(`Unknown built-in parameter '${name ?? ''}'`);
  },
  // The tests' window is the week from 2 to 9 March 2026.
  examples: [
    ["CAST(BUILT_IN_PARAMETER('TIME_WINDOW_START') AS STRING)", '2026-03-02 00:00:00'],
    ["SECONDS_BETWEEN(BUILT_IN_PARAMETER('TIME_WINDOW_START'), BUILT_IN_PARAMETER('TIME_WINDOW_END'))", '604800'],
  ],
});
