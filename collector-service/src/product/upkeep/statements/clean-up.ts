import type { PoolClient } from 'pg';
import type { Scope } from '../../../ground/context.ts';

type Tx = PoolClient;

export interface Removed {
  rows: number;
  /** Compressed bytes of files; null where rows have no size worth telling. */
  bytes: number | null;
}

/** Runs that still have something to do: their files and records are in use. */
const OPEN = `('planned', 'creating', 'running', 'downloading', 'merging')`;

/** Which stored files go, as (instance_id, run_id) of week_runs r, its instance i, what it is served as (w) and its held run (h). */
const REASONS = {
  /** Nothing refers to them: their run is gone, or ended without being accepted or held. */
  orphan: `w.week IS NULL AND h.run_id IS NULL AND (r.id IS NULL OR r.state NOT IN ${OPEN})`,
  /** Served weeks older than $2 weeks, counted from their Sunday. */
  old: `w.week IS NOT NULL AND w.week + 7 < now() - $2::float8 * interval '1 week'`,
  /** Decided more than $2 days ago, not served, and not on their way into the database. */
  held: `w.week IS NULL AND h.decision IS NOT NULL AND h.decided_at < now() - $2::float8 * interval '1 day' AND r.state NOT IN ${OPEN}`,
} as const;
export type FileReason = keyof typeof REASONS;

/**
 * Finds the files first and deletes them by key: wherever the files lie, one statement need not join them with runs and weeks. The runs
 * are locked in between, so that none of them comes to life again.
 */
export async function removeFiles(tx: Tx, scope: Scope, reason: FileReason, age: number, dryRun: boolean): Promise<Removed> {
  const { rows: found } = await tx.query<{ instance_id: string; run_id: string; bytes: string }>(
    `WITH files AS (
       SELECT instance_id, run_id, sum(octet_length(packed)) AS bytes FROM result_files GROUP BY instance_id, run_id)
     SELECT f.instance_id::text, f.run_id::text, f.bytes::text
       FROM files f
       JOIN instances i ON i.id = f.instance_id
       LEFT JOIN week_runs r ON r.id = f.run_id
       LEFT JOIN report_data_weeks w ON w.instance_id = f.instance_id AND w.accepted_run_id = f.run_id
       LEFT JOIN held_runs h ON h.run_id = f.run_id
      WHERE i.workspace_id = $1 AND ($3::bigint[] IS NULL OR i.id = ANY ($3)) AND $2::float8 IS NOT NULL AND ${REASONS[reason]}`,
    [scope.workspaceId, age, scope.instanceIds],
  );
  const runs = found.map((each) => each.run_id);
  const { rows: revived } = await tx.query<{ id: string }>(
    `SELECT id::text FROM week_runs WHERE id = ANY ($1) AND state IN ${OPEN} ${dryRun ? '' : 'FOR UPDATE'}`,
    [runs],
  );
  const alive = new Set(revived.map(({ id }) => id));
  const doomed = found.filter((each) => !alive.has(each.run_id));
  if (!dryRun && doomed.length > 0) {
    for (const instanceId of new Set(doomed.map((each) => each.instance_id))) {
      const ids = doomed.filter((each) => each.instance_id === instanceId).map((each) => each.run_id);
      await tx.query('DELETE FROM result_files WHERE instance_id = $1 AND run_id = ANY ($2)', [instanceId, ids]);
    }
  }
  return { rows: doomed.length, bytes: doomed.reduce((sum, { bytes }) => sum + Number(bytes), 0) };
}

/**
 * SELECT of the ids that go, each with $1 the workspace, $2 an age and $3 the instances of the scope; the rest of a removal is the same
 * for all. What belongs to the workspace as such goes only for a scope that is all of it ($3 is null).
 */
const DOOMED = {
  week_runs: `
    SELECT r.id FROM week_runs r JOIN instances i ON i.id = r.instance_id
     WHERE i.workspace_id = $1 AND ($3::bigint[] IS NULL OR i.id = ANY ($3)) AND r.finished_at < now() - $2::float8 * interval '1 day' AND r.state NOT IN ${OPEN}
       AND EXISTS (SELECT FROM week_runs later WHERE later.collection_id = r.collection_id AND later.week = r.week AND later.id > r.id)
       AND NOT EXISTS (SELECT FROM report_data_weeks w WHERE w.accepted_run_id = r.id)
       AND NOT EXISTS (SELECT FROM week_revisions v WHERE v.run_id = r.id AND v.instance_id = r.instance_id)
       AND NOT EXISTS (SELECT FROM version_fills f WHERE f.from_run_id = r.id)
       AND NOT EXISTS (SELECT FROM held_runs h WHERE h.run_id = r.id AND h.decision IS NULL)`,
  outbox: `
    SELECT id FROM outbox
     WHERE workspace_id = $1 AND ($3::bigint[] IS NULL OR (instance_ids <> '{}' AND instance_ids <@ $3))
       AND created_at < now() - $2::float8 * interval '1 hour'`,
  audit_log: `
    SELECT id FROM audit_log
     WHERE workspace_id = $1 AND $3::bigint[] IS NULL AND created_at < now() - $2::float8 * interval '1 day'`,
  schedule_ticks: `
    SELECT t.id FROM schedule_ticks t JOIN schedules s ON s.id = t.schedule_id
     WHERE s.workspace_id = $1 AND $3::bigint[] IS NULL AND t.ticked_at < now() - $2::float8 * interval '1 day'
       AND EXISTS (SELECT FROM schedule_ticks later WHERE later.schedule_id = t.schedule_id AND later.id > t.id)`,
} as const;
export type RecordTable = keyof typeof DOOMED;

export async function removeRecords(tx: Tx, scope: Scope, table: RecordTable, age: number, dryRun: boolean): Promise<Removed> {
  const doomed = DOOMED[table];
  const { rows } = await tx.query<{ n: string }>(
    dryRun
      ? `SELECT count(*)::text AS n FROM (${doomed}) AS doomed`
      : `WITH gone AS (DELETE FROM ${table} WHERE id IN (${doomed}) RETURNING id) SELECT count(*)::text AS n FROM gone`,
    [scope.workspaceId, age, scope.instanceIds],
  );
  return { rows: Number(rows[0]!.n), bytes: null };
}

/** Of the runs (id and fence) those that a worker is merging at this moment. */
export async function liveRuns(db: Pick<Tx, 'query'>, runs: readonly { id: string; fence: string }[]): Promise<Set<string>> {
  const { rows } = await db.query<{ key: string }>(
    `SELECT concat_ws('-', r.id, r.fence) AS key FROM week_runs r
       JOIN unnest($1::bigint[], $2::bigint[]) AS found (id, fence) ON found.id = r.id AND found.fence = r.fence
      WHERE r.state IN ('downloading', 'merging')`,
    [runs.map(({ id }) => id), runs.map(({ fence }) => fence)],
  );
  return new Set(rows.map(({ key }) => key));
}
