import type { Pool, PoolClient } from 'pg';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Scope } from '../../../ground/context.ts';

type Db = Pool | PoolClient;

/**
 * Why a file is kept. served: of the run a week serves. held: of a run that waits for a person. decided: of a held run that a person
 * has decided about and no week serves. orphan: nothing refers to it.
 */
export type FileKind = 'served' | 'held' | 'decided' | 'orphan';

export interface FileSize {
  workspace: string;
  instance: string;
  dataset: string;
  datasetVersion: number | null;
  week: IsoDate | null;
  kind: FileKind;
  runs: number;
  /** Compressed, as stored. */
  bytes: string;
}

/** Sizes of the stored result files of a scope by week and kind, without reading them (see selectServedWeeks). */
export async function selectFileSizes(db: Db, { workspaceId, instanceIds }: Scope): Promise<FileSize[]> {
  const { rows } = await db.query<FileSize>(
    `WITH files AS (
       SELECT instance_id, run_id, sum(octet_length(packed)) AS bytes FROM result_files GROUP BY instance_id, run_id)
     SELECT ws.name AS workspace, i.amc_instance_id AS instance, coalesce(w.dataset, h.dataset, c.dataset, '') AS dataset,
            coalesce(w.dataset_version, h.dataset_version) AS "datasetVersion", coalesce(w.week, h.week, r.week)::text AS week,
            CASE WHEN w.week IS NOT NULL THEN 'served' WHEN h.run_id IS NULL THEN 'orphan'
                 WHEN h.decision IS NULL THEN 'held' ELSE 'decided' END AS kind,
            count(*)::int AS runs, sum(f.bytes)::text AS bytes
       FROM files f
       JOIN instances i ON i.id = f.instance_id
       JOIN workspaces ws ON ws.id = i.workspace_id
       LEFT JOIN report_data_weeks w ON w.instance_id = f.instance_id AND w.accepted_run_id = f.run_id
       LEFT JOIN held_runs h ON h.run_id = f.run_id
       LEFT JOIN week_runs r ON r.id = f.run_id
       LEFT JOIN report_data_collections c ON c.id = r.collection_id
      WHERE i.workspace_id = $1 AND ($2::bigint[] IS NULL OR i.id = ANY ($2))
      GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6`,
    [workspaceId, instanceIds],
  );
  return rows;
}

export interface TableSize {
  table: string;
  kind: 'facts' | 'rollup';
  dataset: string;
  datasetVersion: number;
  /** Heap, indexes and what is stored out of line. */
  bytes: string;
}

/** Tables of every dataset version that has them. Looks at file sizes only; a dropped table has none. */
export async function selectTableSizes(db: Db): Promise<TableSize[]> {
  const { rows } = await db.query<TableSize>(
    `SELECT name AS table, kind, dataset, version AS "datasetVersion", pg_total_relation_size(to_regclass(name))::text AS bytes
       FROM (SELECT 'fact_' || name || '_v' || version AS name, 'facts' AS kind, name AS dataset, version FROM datasets
             UNION ALL SELECT table_name, 'rollup', dataset, dataset_version FROM report_data_aggregates) AS tables
      WHERE to_regclass(name) IS NOT NULL ORDER BY dataset, version, kind, name`,
  );
  return rows;
}

export interface WeekRows {
  instance: string;
  dataset: string;
  datasetVersion: number;
  week: IsoDate;
  rows: string;
  /** Of all rows of the dataset version in the database: what a week's share of a table is estimated by. */
  share: number;
}

export async function selectWeekRows(db: Db, { workspaceId, instanceIds }: Scope): Promise<WeekRows[]> {
  const { rows } = await db.query<WeekRows>(
    `SELECT instance, dataset, "datasetVersion", week, rows, share FROM (
       SELECT i.workspace_id, i.id AS instance_id, i.amc_instance_id AS instance, w.dataset, w.dataset_version AS "datasetVersion", w.week::text AS week,
              w.row_count::text AS rows,
              coalesce(w.row_count / nullif(sum(w.row_count) OVER (PARTITION BY w.dataset, w.dataset_version), 0), 0)::float8 AS share
         FROM report_data_weeks w JOIN instances i ON i.id = w.instance_id WHERE w.accepted_run_id IS NOT NULL) AS shares
      WHERE workspace_id = $1 AND ($2::bigint[] IS NULL OR instance_id = ANY ($2)) ORDER BY instance, dataset, "datasetVersion", week`,
    [workspaceId, instanceIds],
  );
  return rows;
}

/** What the database's file system holds of stored results, indexes and dead rows included. */
export async function resultFilesTableSize(db: Db): Promise<string> {
  const { rows } = await db.query<{ bytes: string }>(`SELECT pg_total_relation_size('result_files')::text AS bytes`);
  return rows[0]!.bytes;
}
