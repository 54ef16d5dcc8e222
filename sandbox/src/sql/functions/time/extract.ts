import { SqlRejected } from '../../rejection.ts';
import { amcFunction } from '../define.ts';

/** Amazon's time units, as PostgreSQL computes them; DOW counts from 1 (Sunday) to 7, as DAYOFWEEK does. */
const UNITS: Record<string, string> = {
  second: 'floor(extract(second FROM $2))',
  minute: 'extract(minute FROM $2)',
  hour: 'extract(hour FROM $2)',
  day: 'extract(day FROM $2)',
  dow: '1 + extract(dow FROM $2)',
  doy: 'extract(doy FROM $2)',
  week: 'extract(week FROM $2)',
  month: 'extract(month FROM $2)',
  quarter: 'extract(quarter FROM $2)',
  year: 'extract(year FROM $2)',
};

/** EXTRACT(unit FROM time). */
export const extract = amcFunction({
  name: 'EXTRACT',
  takes: ['part', 'time'],
  gives: 'INTEGER',
  sql: ({ texts: [unit] }) => {
    const sql = UNITS[unit?.toLowerCase() ?? ''];
    if (!sql) throw new SqlRejected(`'${unit?.toUpperCase() ?? ''}' is not a valid time frame for EXTRACT`);
    // A DATE has no hour to PostgreSQL, and hour 0 to Amazon.
    return `CAST(${sql.replace('$2', 'CAST($2 AS timestamp)')} AS int4)`;
  },
  examples: [
    ["EXTRACT(HOUR FROM DATE '2026-03-09')", '0'],
    ["EXTRACT(DOW FROM DATE '2026-03-08')", '1'],
    ["EXTRACT(YEAR FROM TIMESTAMP '2026-03-09 17:05:06')", '2026'],
  ],
});
