import type { PoolClient } from 'pg';
import type { Scope } from '../../../ground/context.ts';
import type { ServedWeek } from './served-weeks.ts';

type Tx = PoolClient;
const key = (week: ServedWeek): unknown[] => [week.instanceId, week.dataset, week.datasetVersion, week.week];

export interface WeekRecord {
  runId: string | null;
  dataVersion: string;
  rowCount: string;
  rowsChecksum: string | null;
}

/** How long a worker that merges the same week is waited for. */
const LOCK_WAIT_MS = 10_000;

/** Takes the week as a merge does, so that the two run one after the other. Undefined when it is gone. */
export async function lockWeekRecord(tx: Tx, week: ServedWeek, waitMs = LOCK_WAIT_MS): Promise<WeekRecord | undefined> {
  await tx.query(`SELECT set_config('lock_timeout', $1, true)`, [String(waitMs)]);
  const { rows } = await tx.query<WeekRecord>(
    `SELECT accepted_run_id::text AS "runId", data_version::text AS "dataVersion", row_count::text AS "rowCount", rows_checksum AS "rowsChecksum"
       FROM report_data_weeks WHERE instance_id = $1 AND dataset = $2 AND dataset_version = $3 AND week = $4 FOR UPDATE`,
    key(week),
  );
  return rows[0];
}

/**
 * What is served is another than before, so answers that were kept are stale: the data version moves. Run and time of collection stay,
 * since the data is as old as it was.
 */
export async function correctWeekRecord(tx: Tx, schema: string, week: ServedWeek, right: WeekRecord): Promise<string> {
  const { rows } = await tx.query<{ version: string }>(
    `UPDATE ${schema}.report_data_weeks SET data_version = data_version + 1, row_count = $5, rows_checksum = $6, updated_at = now()
      WHERE instance_id = $1 AND dataset = $2 AND dataset_version = $3 AND week = $4 RETURNING data_version::text AS version`,
    [...key(week), right.rowCount, right.rowsChecksum],
  );
  return rows[0]!.version;
}

export type CheckOutcome = 'same' | 'rebuilt' | 'drift' | 'no_file' | 'failed';

export async function recordCheck(
  tx: Tx,
  week: ServedWeek,
  check: { outcome: CheckOutcome; dataVersion: string | null; note: string | null },
): Promise<void> {
  await tx.query(
    `INSERT INTO week_checks (instance_id, dataset, dataset_version, week, data_version, outcome, note) VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (instance_id, dataset, dataset_version, week)
     DO UPDATE SET checked_at = now(), data_version = excluded.data_version, outcome = excluded.outcome, note = excluded.note`,
    [...key(week), check.dataVersion, check.outcome, check.note],
  );
}

/** Keys (instance/dataset/version/week) of weeks that were found or made right lately and have not changed since. */
export async function recentlyChecked(db: Pick<Tx, 'query'>, scope: Scope, withinHours: number): Promise<Set<string>> {
  const { rows } = await db.query<{ key: string }>(
    `SELECT concat_ws('/', c.instance_id, c.dataset, c.dataset_version, c.week) AS key
       FROM week_checks c
       JOIN instances i ON i.id = c.instance_id
       JOIN report_data_weeks w USING (instance_id, dataset, dataset_version, week)
      WHERE i.workspace_id = $1 AND ($3::bigint[] IS NULL OR i.id = ANY ($3)) AND c.outcome IN ('same', 'rebuilt') AND c.data_version = w.data_version
        AND c.checked_at > now() - $2::float8 * interval '1 hour'`,
    [scope.workspaceId, withinHours, scope.instanceIds],
  );
  return new Set(rows.map((row) => row.key));
}

export const weekKey = (week: ServedWeek): string => [week.instanceId, week.dataset, week.datasetVersion, week.week].join('/');
