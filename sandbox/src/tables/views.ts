import { AMC_TABLES } from './all.ts';
import { POSTGRES_TYPES, type AmcTable } from './table.ts';

/** Schema of the views that the reader may select from, and of those with a wider window (EXTEND_TIME_WINDOW). */
export const VIEW_SCHEMA = 'amc';
export const EXTENDED_PREFIX = 'extended_';

const setting = (name: string, type: string): string => `(SELECT current_setting('amc.${name}', true)::${type})`;

/**
 * One view per AMC table. Session settings choose window, clock and advertisers; where one is missing the view is empty,
 * never open. Security barrier: the window is applied before anything a query brings along. The settings stand in
 * sub-selects, which PostgreSQL evaluates once, so that the time index is used. Columns that a query does not name are
 * not computed.
 */
function view(table: AmcTable, extended: boolean): string {
  const before = extended ? ` - ${setting(`before_${table.name}`, 'interval')}` : '';
  const after = extended ? ` + ${setting(`after_${table.name}`, 'interval')}` : '';
  const columns = table.columns.map((column) => `(${column.sql})::${POSTGRES_TYPES[column.type]} AS ${column.name}`).join(',\n    ');
  const name = `${VIEW_SCHEMA}.${extended ? EXTENDED_PREFIX : ''}${table.name}`;
  return `CREATE VIEW ${name} WITH (security_barrier) AS
  SELECT ${columns}
  FROM ${table.from}
  WHERE ${table.time} >= GREATEST(${setting('window_start', 'timestamp')}${before}, ${setting('history_start', 'timestamp')})
    AND ${table.time} < ${setting('window_end', 'timestamp')}${after}
    AND ${table.visible}
    AND c.advertiser_key = ANY ((SELECT string_to_array(current_setting('amc.advertisers', true), ','))::smallint[])
    ${table.where ? `AND ${table.where}` : ''};`;
}

/** What the reader reads, made anew at every start so that a new version of the sandbox brings its own. */
export const CREATE_VIEWS = `
  DROP SCHEMA IF EXISTS ${VIEW_SCHEMA} CASCADE;
  CREATE SCHEMA ${VIEW_SCHEMA};
  ${AMC_TABLES.flatMap((table) => [view(table, false), view(table, true)]).join('\n')}`;
