import type { Pool, PoolClient } from 'pg';

export interface VersionUse {
  dataset: string;
  version: number;
  /** Collections of any workspace that are not cancelled. */
  liveCollections: number;
  /** Weeks it serves, over all instances. */
  weeks: number;
  /** Those of them that no other version serves. */
  onlyHere: number;
  /** Facts, roll-ups and indexes. */
  bytes: string;
}

export async function selectVersions(db: Pool | PoolClient): Promise<VersionUse[]> {
  const { rows } = await db.query<VersionUse>(
    `SELECT d.name AS dataset, d.version,
            (SELECT count(*)::int FROM report_data_collections c
              WHERE c.dataset = d.name AND c.dataset_version = d.version AND c.state <> 'cancelled') AS "liveCollections",
            (SELECT count(*)::int FROM report_data_weeks w
              WHERE w.dataset = d.name AND w.dataset_version = d.version AND w.accepted_run_id IS NOT NULL) AS weeks,
            (SELECT count(*)::int FROM report_data_weeks w
              WHERE w.dataset = d.name AND w.dataset_version = d.version AND w.accepted_run_id IS NOT NULL
                AND NOT EXISTS (SELECT FROM report_data_weeks other
                                 WHERE other.instance_id = w.instance_id AND other.dataset = w.dataset AND other.week = w.week
                                   AND other.dataset_version <> w.dataset_version AND other.accepted_run_id IS NOT NULL)) AS "onlyHere",
            (coalesce(pg_total_relation_size(to_regclass('fact_' || d.name || '_v' || d.version)), 0)
              + coalesce((SELECT sum(pg_total_relation_size(to_regclass(a.table_name))) FROM report_data_aggregates a
                           WHERE a.dataset = d.name AND a.dataset_version = d.version), 0))::text AS bytes
       FROM datasets d WHERE d.dropped_at IS NULL ORDER BY d.name, d.version`,
  );
  return rows;
}

/** Keeps others from planning collections of the version meanwhile: a new one locks its dataset's row for its foreign key. */
export async function lockVersion(tx: PoolClient, dataset: string, version: number): Promise<void> {
  await tx.query('SELECT FROM datasets WHERE name = $1 AND version = $2 FOR UPDATE', [dataset, version]);
}

/** Names out of our own catalogue, quoted where needed; only tables that exist. */
export async function tablesOf(tx: PoolClient, dataset: string, version: number): Promise<string[]> {
  const { rows } = await tx.query<{ name: string }>(
    `SELECT quote_ident(name) AS name
       FROM (SELECT 'fact_' || $1::text || '_v' || $2::int AS name
             UNION ALL SELECT table_name FROM report_data_aggregates WHERE dataset = $1 AND dataset_version = $2) AS tables
      WHERE to_regclass(quote_ident(name)) IS NOT NULL ORDER BY name`,
    [dataset, version],
  );
  return rows.map(({ name }) => name);
}

/** Stored files go with the weeks that are served from them, unless another version is served from the same run. */
export async function deleteVersionRecords(tx: PoolClient, dataset: string, version: number): Promise<void> {
  const key = [dataset, version];
  const { rows } = await tx.query<{ instance_id: string; run_id: string }>(
    `SELECT w.instance_id::text, w.accepted_run_id::text AS run_id FROM report_data_weeks w
      WHERE w.dataset = $1 AND w.dataset_version = $2 AND w.accepted_run_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM report_data_weeks other WHERE other.accepted_run_id = w.accepted_run_id AND other.dataset_version <> $2)`,
    key,
  );
  for (const instanceId of new Set(rows.map((row) => row.instance_id))) {
    const runs = rows.filter((row) => row.instance_id === instanceId).map((row) => row.run_id);
    await tx.query('DELETE FROM result_files WHERE instance_id = $1 AND run_id = ANY ($2)', [instanceId, runs]);
  }
  for (const table of ['week_revisions', 'week_checks', 'report_data_weeks'] as const)
    await tx.query(`DELETE FROM ${table} WHERE dataset = $1 AND dataset_version = $2`, key);
  await tx.query('DELETE FROM version_fills WHERE dataset = $1 AND (from_version = $2 OR to_version = $2)', key);
  await tx.query('DELETE FROM report_data_aggregates WHERE dataset = $1 AND dataset_version = $2', key);
  await tx.query('UPDATE datasets SET dropped_at = now() WHERE name = $1 AND version = $2', key);
}

export async function dropTables(tx: PoolClient, tables: readonly string[]): Promise<void> {
  await tx.query(`SET LOCAL lock_timeout = '10s'`);
  for (const table of tables) await tx.query(`DROP TABLE ${table}`);
}
