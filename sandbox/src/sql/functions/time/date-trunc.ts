import { SandboxLacks, SqlRejected } from '../../rejection.ts';
import { amcFunction } from '../define.ts';

const UNITS = ['SECOND', 'MINUTE', 'HOUR', 'DAY', 'WEEK', 'MONTH', 'QUARTER', 'YEAR'];

/** DATE_TRUNC('unit', time): the beginning of the unit, weeks from Monday; a DATE stays a DATE. */
export const dateTrunc = amcFunction({
  name: 'DATE_TRUNC',
  takes: ['part', 'time'],
  gives: (call) => (call.types[1] === 'DATE' ? 'DATE' : 'TIMESTAMP'),
  sql: ({ types: [, type], texts: [unit] }) => {
    if (unit === undefined) throw new SandboxLacks('a granularity that differs from row to row');
    if (!UNITS.includes(unit.toUpperCase())) throw new SqlRejected(`Unsupported granularity '${unit}'. Supported: ${UNITS.join(', ')}`);
    const truncated = `date_trunc('${unit.toLowerCase()}', CAST($2 AS timestamp))`;
    return type === 'DATE' ? `CAST(${truncated} AS date)` : truncated;
  },
  examples: [
    ["DATE_TRUNC('WEEK', DATE '2026-03-08')", '2026-03-02'],
    ["DATE_TRUNC('quarter', DATE '2026-05-20')", '2026-04-01'],
    ["CAST(DATE_TRUNC('HOUR', TIMESTAMP '2026-03-09 17:05:06') AS STRING)", '2026-03-09 17:00:00'],
  ],
});
