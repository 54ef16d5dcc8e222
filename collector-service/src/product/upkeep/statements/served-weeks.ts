import type { Pool, PoolClient } from 'pg';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Scope } from '../../../ground/context.ts';

/** A week that is served, and the run whose stored file it was made from. */
export interface ServedWeek {
  workspaceId: string;
  /** Ours. */
  instanceId: string;
  /** Amazon's. */
  instance: string;
  dataset: string;
  datasetVersion: number;
  week: IsoDate;
  dataVersion: string;
  rowCount: string;
  rowsChecksum: string | null;
  runId: string;
  /** Of the run's record: the hash of its parts (collect/merge.ts describeFiles); null when the run is gone. */
  fileSha256: string | null;
  collectionId: string | null;
  /** Bought at Amazon, as against imported by a person. */
  bought: boolean;
  /** Rows of result_files. */
  chunks: number;
  /** Compressed. */
  fileBytes: string;
}

export interface WeekFilter {
  dataset?: string | undefined;
  datasetVersion?: number | undefined;
  /** Mondays, both included. */
  firstWeek?: IsoDate | undefined;
  lastWeek?: IsoDate | undefined;
}

/**
 * The served weeks of a scope, oldest first. The sizes come from the compressed chunks without reading them: octet_length of a value
 * stored out of line looks at its pointer alone. Files are added up by themselves first, so that the join is between small sets
 * wherever the files lie.
 */
export async function selectServedWeeks(db: Pool | PoolClient, scope: Scope, filter: WeekFilter): Promise<ServedWeek[]> {
  const { rows } = await db.query<ServedWeek>(
    `WITH files AS (
       SELECT instance_id, run_id, count(*)::int AS chunks, sum(octet_length(packed)) AS bytes FROM result_files
        WHERE $2::bigint[] IS NULL OR instance_id = ANY ($2) GROUP BY instance_id, run_id)
     SELECT i.workspace_id::text AS "workspaceId", w.instance_id::text AS "instanceId", i.amc_instance_id AS instance, w.dataset,
            w.dataset_version AS "datasetVersion", w.week::text AS week, w.data_version::text AS "dataVersion",
            w.row_count::text AS "rowCount", w.rows_checksum AS "rowsChecksum", w.accepted_run_id::text AS "runId",
            r.file_sha256 AS "fileSha256", r.collection_id::text AS "collectionId", r.execution_id IS NOT NULL AS bought,
            coalesce(f.chunks, 0) AS chunks, coalesce(f.bytes, 0)::text AS "fileBytes"
       FROM report_data_weeks w
       JOIN instances i ON i.id = w.instance_id
       LEFT JOIN week_runs r ON r.id = w.accepted_run_id
       LEFT JOIN files f ON f.instance_id = w.instance_id AND f.run_id = w.accepted_run_id
      WHERE i.workspace_id = $1 AND ($2::bigint[] IS NULL OR w.instance_id = ANY ($2)) AND w.accepted_run_id IS NOT NULL
        AND ($3::text IS NULL OR w.dataset = $3) AND ($4::int IS NULL OR w.dataset_version = $4)
        AND ($5::date IS NULL OR w.week >= $5) AND ($6::date IS NULL OR w.week <= $6)
      ORDER BY i.name, w.instance_id, w.dataset, w.dataset_version, w.week`,
    [
      scope.workspaceId,
      scope.instanceIds,
      filter.dataset ?? null,
      filter.datasetVersion ?? null,
      filter.firstWeek ?? null,
      filter.lastWeek ?? null,
    ],
  );
  return rows;
}
