import type pg from 'pg';
import type { Tx } from '../../../ground/database.ts';
import type { TableShape } from '../manifest.ts';

export interface TableColumns {
  name: string;
  columns: string[];
}

export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/**
 * Tables whose rows do not come along: which migrations a database has is for the restore to make, and which jobs pg-boss's tables
 * were prepared for depends on them; the newest time a database saw is that of its own clock. pg-boss's own (another schema) stay behind as well: what waited there may have run since.
 */
const LEFT_OUT = ['schema_migrations', 'job_setup', 'clock_seen'];

/**
 * The collector's tables with the columns that can be written: those beside its record of migrations, of the same owner, but for what
 * belongs to an extension. Unlogged ones may be lost by their nature, and are.
 */
export async function listTables(db: pg.Pool | Tx): Promise<TableColumns[]> {
  const { rows } = await db.query<TableColumns>(
    `SELECT c.relname AS name, json_agg(a.attname ORDER BY a.attnum) AS columns
       FROM pg_class c
       JOIN pg_class own ON own.oid = to_regclass('schema_migrations') AND own.relnamespace = c.relnamespace AND own.relowner = c.relowner
       JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      WHERE c.relkind = 'r' AND c.relpersistence = 'p' AND c.relname <> ALL ($1)
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
      GROUP BY c.relname
      -- Ours have plain names. One that has not is somebody else's, and nothing would take it back in.
      HAVING c.relname ~ '^[a-z_][a-z0-9_]*$' AND bool_and(a.attname ~ '^[a-z_][a-z0-9_]*$')
      ORDER BY c.relname`,
    [LEFT_OUT],
  );
  return rows;
}

/** Before the transaction's first SELECT, so that nobody changes a table between the moment that is backed up and its turn. */
export const lockTables = (tx: Tx, tables: readonly TableColumns[]) =>
  tx.query(`LOCK TABLE ${tables.map(({ name }) => quoted(name)).join(', ')} IN ACCESS SHARE MODE`);

/** How a dataset's table looks, from the catalogue: the version that made it may be gone. */
export async function shapeOf(tx: Tx, table: string): Promise<TableShape> {
  const { rows } = await tx.query<TableShape>(
    `SELECT (SELECT json_agg(json_build_object('name', attname, 'type', format_type(atttypid, atttypmod), 'notNull', attnotnull) ORDER BY attnum)
               FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped) AS columns,
            to_json(coalesce(c.reloptions, '{}')) AS options,
            (SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = c.oid AND contype = 'p') AS "primaryKey",
            (SELECT coalesce(json_agg(pg_get_indexdef(indexrelid, 0, true) ORDER BY indexrelid), '[]')
               FROM pg_index i WHERE indrelid = c.oid AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid)) AS indexes,
            (SELECT col_description(c.oid, attnum) FROM pg_attribute WHERE attrelid = c.oid AND attname = 'row_key') AS "rowKeys"
       FROM pg_class c WHERE c.oid = $1::regclass`,
    [quoted(table)],
  );
  return rows[0]!;
}

/** Names of the tables that dataset versions have. */
export async function datasetTables(tx: Tx): Promise<Set<string>> {
  const { rows } = await tx.query<{ name: string }>(
    `SELECT 'fact_' || name || '_v' || version AS name FROM datasets WHERE dropped_at IS NULL UNION SELECT table_name FROM report_data_aggregates`,
  );
  return new Set(rows.map(({ name }) => name));
}

/** Whether Citus spreads tables over machines, whose rows no single snapshot covers. */
export async function isDistributed(db: pg.Pool): Promise<boolean> {
  const { rows } = await db.query<{ citus: boolean }>(`SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL AS citus`);
  return rows[0]!.citus && (await db.query('SELECT FROM pg_catalog.pg_dist_partition LIMIT 1')).rows.length > 0;
}

/** Tables in the way of a restore: any in our schema or pg-boss's, but those of extensions and the mark of a restore. */
export async function tablesInTheWay(db: pg.Pool): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `SELECT c.oid::regclass::text AS name FROM pg_class c
      WHERE c.relkind IN ('r', 'p') AND c.relnamespace IN (current_schema()::regnamespace, to_regnamespace('pgboss')) AND c.relname <> 'restore_under_way'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
      ORDER BY 1 LIMIT 5`,
  );
  return rows.map(({ name }) => name);
}

/** Which table's rows must be there before which: [table, the table it refers to]. */
export async function references(tx: Tx): Promise<[string, string][]> {
  const { rows } = await tx.query<{ from: string; to: string }>(
    `SELECT a.relname AS "from", b.relname AS "to" FROM pg_constraint f JOIN pg_class a ON a.oid = f.conrelid JOIN pg_class b ON b.oid = f.confrelid
      WHERE f.contype = 'f' AND a.relnamespace = current_schema()::regnamespace AND a.oid <> b.oid`,
  );
  return rows.map(({ from, to }) => [from, to]);
}

export async function hasRows(tx: Tx, table: string): Promise<boolean> {
  return (await tx.query(`SELECT FROM ${quoted(table)} LIMIT 1`)).rows.length > 0;
}

/** Tables on which row-level security binds the owner too: COPY does not load them. */
export async function forcedTables(tx: Tx): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND relforcerowsecurity ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

export const setForced = (tx: Tx, table: string, forced: boolean) =>
  tx.query(`ALTER TABLE ${quoted(table)} ${forced ? '' : 'NO '}FORCE ROW LEVEL SECURITY`);
