import type { Pool, PoolClient } from 'pg';

/** The column by which rows are spread over machines: all of an instance lies on one of them. */
export const DISTRIBUTION_COLUMN = 'instance_id';

/**
 * The tables that grow with the data and are to be distributed: stored files first, then the facts and roll-ups of every dataset version.
 * Everything else (workspaces, collections, weeks, runs, slots, schedules, audit) is small, is claimed with row locks and stays on the
 * coordinator (reference: distributed tables).
 */
export async function distributedTables(db: Pool | PoolClient): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `SELECT name FROM (
       SELECT 'result_files' AS name, 0 AS place, '' AS dataset, 0 AS version
       UNION ALL SELECT 'fact_' || name || '_v' || version, 1, name, version FROM datasets WHERE dropped_at IS NULL
       UNION ALL SELECT table_name, 2, dataset, dataset_version FROM report_data_aggregates) AS tables
      ORDER BY place > 0, dataset, version, place, name`,
  );
  return rows.map(({ name }) => name);
}

/** Those of the current schema that Citus has spread already; none where there is no Citus. */
export async function distributedAlready(db: Pool | PoolClient): Promise<string[]> {
  const { rows: catalogue } = await db.query<{ exists: boolean }>(
    `SELECT to_regclass('pg_catalog.pg_dist_partition') IS NOT NULL AS exists`,
  );
  if (!catalogue[0]!.exists) return [];
  const { rows } = await db.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_dist_partition p JOIN pg_class c ON c.oid = p.logicalrelid
      WHERE p.partmethod = 'h' AND pg_table_is_visible(c.oid) ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}
