import type { Pool, PoolClient } from 'pg';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Scope } from '../../../ground/context.ts';
import type { ServedWeek } from '../statements/served-weeks.ts';

type Tx = PoolClient;

/** Amazon's ids of the scope's instances. */
export async function amcInstancesOf(db: Pool, { workspaceId, instanceIds }: Scope): Promise<string[]> {
  const { rows } = await db.query<{ name: string }>(
    `SELECT amc_instance_id AS name FROM instances
      WHERE workspace_id = $1 AND ($2::bigint[] IS NULL OR id = ANY ($2)) ORDER BY amc_instance_id`,
    [workspaceId, instanceIds],
  );
  return rows.map(({ name }) => name);
}

/** The newest older version that the instance has weeks or live collections of. */
export async function findOldVersion(db: Pool, instanceId: string, dataset: string, below: number): Promise<number | undefined> {
  const { rows } = await db.query<{ version: number | null }>(
    `SELECT max(version) AS version FROM (
       SELECT dataset_version AS version FROM report_data_weeks WHERE instance_id = $1 AND dataset = $2 AND accepted_run_id IS NOT NULL
       UNION ALL SELECT dataset_version FROM report_data_collections WHERE instance_id = $1 AND dataset = $2 AND state <> 'cancelled') AS known
      WHERE version < $3`,
    [instanceId, dataset, below],
  );
  return rows[0]?.version ?? undefined;
}

/** Weeks that were made from the file which the old version serves now: nothing is left to do for them. */
export async function filledWeeks(db: Pool | Tx, instanceId: string, dataset: string, from: number, to: number): Promise<Set<IsoDate>> {
  const { rows } = await db.query<{ week: IsoDate }>(
    `SELECT f.week::text AS week FROM version_fills f
       JOIN report_data_weeks w ON w.instance_id = f.instance_id AND w.dataset = f.dataset AND w.dataset_version = f.from_version
        AND w.week = f.week AND w.accepted_run_id = f.from_run_id
      WHERE f.instance_id = $1 AND f.dataset = $2 AND f.from_version = $3 AND f.to_version = $4`,
    [instanceId, dataset, from, to],
  );
  return new Set(rows.map(({ week }) => week));
}

/** Weeks that a run of Amazon's own gave the new version: newer than anything the old files can say. */
export async function boughtWeeks(db: Pool | Tx, instanceId: string, dataset: string, version: number): Promise<Set<IsoDate>> {
  const { rows } = await db.query<{ week: IsoDate }>(
    `SELECT w.week::text AS week FROM report_data_weeks w
      WHERE w.instance_id = $1 AND w.dataset = $2 AND w.dataset_version = $3 AND w.accepted_run_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM week_runs r WHERE r.id = w.accepted_run_id AND r.source = 'stored' AND r.execution_id IS NULL)`,
    [instanceId, dataset, version],
  );
  return new Set(rows.map(({ week }) => week));
}

/** A finished run that stands for the filling: the new version's week is served from it, and its stored file is kept under it. */
export async function insertFillRun(tx: Tx, week: ServedWeek): Promise<{ id: string; fence: string; week: IsoDate }> {
  const { rows } = await tx.query<{ id: string }>(
    `INSERT INTO week_runs (collection_id, instance_id, week, state, fence, source, overrule, finished_at)
     VALUES ($1, $2, $3, 'done', 1, 'stored', true, now()) RETURNING id::text`,
    [week.collectionId, week.instanceId, week.week],
  );
  return { id: rows[0]!.id, fence: '1', week: week.week };
}

export async function describeFillRun(
  tx: Tx,
  runId: string,
  merged: { fileSha256: string; fileBytes: number; rowsTotal: number; rowsAdded: number; rowsChanged: number; rowsVanished: number },
): Promise<void> {
  await tx.query(
    `UPDATE week_runs SET file_sha256 = $2, file_bytes = $3, rows_total = $4, rows_added = $5, rows_changed = $6, rows_vanished = $7 WHERE id = $1`,
    [runId, merged.fileSha256, merged.fileBytes, merged.rowsTotal, merged.rowsAdded, merged.rowsChanged, merged.rowsVanished],
  );
}

/** The data is as old as the file it came from, not as its filling. */
export async function keepCollectedAt(tx: Tx, { instanceId, dataset, week }: ServedWeek, from: number, to: number): Promise<void> {
  await tx.query(
    `UPDATE report_data_weeks target SET collected_at = source.collected_at
       FROM report_data_weeks source
      WHERE target.instance_id = $1 AND target.dataset = $2 AND target.week = $3 AND target.dataset_version = $5
        AND source.instance_id = $1 AND source.dataset = $2 AND source.week = $3 AND source.dataset_version = $4`,
    [instanceId, dataset, week, from, to],
  );
}

export async function recordFill(tx: Tx, { instanceId, dataset, week, runId }: ServedWeek, from: number, to: number): Promise<void> {
  await tx.query(
    `INSERT INTO version_fills (instance_id, dataset, from_version, to_version, week, from_run_id) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (instance_id, dataset, from_version, to_version, week) DO UPDATE SET from_run_id = excluded.from_run_id, filled_at = now()`,
    [instanceId, dataset, from, to, week, runId],
  );
}

export interface MovableCollection {
  id: string;
  name: string;
  firstWeek: IsoDate;
  lastWeek: IsoDate;
}

/** The live collections of a version, taken for the rest of the transaction: nothing of them is claimed meanwhile. */
export async function lockCollections(tx: Tx, instanceId: string, dataset: string, version: number): Promise<MovableCollection[]> {
  const { rows } = await tx.query<MovableCollection>(
    `SELECT id::text, name, first_week::text AS "firstWeek", last_week::text AS "lastWeek" FROM report_data_collections
      WHERE instance_id = $1 AND dataset = $2 AND dataset_version = $3 AND state <> 'cancelled' ORDER BY first_week FOR UPDATE`,
    [instanceId, dataset, version],
  );
  return rows;
}

/** Keeps runs in line where they are: a claim passes over what is locked, and would take the old query along. */
export async function lockPlannedRuns(tx: Tx, collectionIds: readonly string[]): Promise<void> {
  await tx.query(`SELECT FROM week_runs WHERE collection_id = ANY ($1) AND state = 'planned' FOR UPDATE`, [collectionIds]);
}

/**
 * Weeks whose runs speak against moving: bought with the old query and on their way, in line to be collected again, or held for a
 * person. Runs in line for weeks that nothing is served of may move along.
 */
export async function busyWeeks(tx: Tx, collectionIds: readonly string[], version: number): Promise<{ week: IsoDate; state: string }[]> {
  const { rows } = await tx.query<{ week: IsoDate; state: string }>(
    `SELECT r.week::text AS week, r.state FROM week_runs r JOIN report_data_collections c ON c.id = r.collection_id
      WHERE r.collection_id = ANY ($1) AND (
        r.state IN ('creating', 'running', 'downloading', 'merging')
        OR (r.state = 'planned' AND (r.create_attempted_at IS NOT NULL OR EXISTS (
              SELECT FROM report_data_weeks w WHERE w.instance_id = r.instance_id AND w.dataset = c.dataset AND w.dataset_version = $2
                                                AND w.week = r.week AND w.accepted_run_id IS NOT NULL)))
        OR EXISTS (SELECT FROM held_runs h WHERE h.run_id = r.id AND h.decision IS NULL))
      ORDER BY r.week`,
    [collectionIds, version],
  );
  return rows;
}

/** @throws a database error 23P01 when a live collection of the new version holds one of the weeks */
export async function moveCollection(tx: Tx, id: string, to: { version: number; workflowId: string; sqlText: string }): Promise<void> {
  await tx.query(
    `UPDATE report_data_collections SET dataset_version = $2, workflow_id = $3, sql_text = $4, validated_at = NULL,
            validate_after = '-infinity', updated_at = now() WHERE id = $1`,
    [id, to.version, to.workflowId, to.sqlText],
  );
  await tx.query(
    `INSERT INTO report_data_weeks (instance_id, dataset, dataset_version, week)
     SELECT c.instance_id, c.dataset, c.dataset_version, week::date
       FROM report_data_collections c, generate_series(c.first_week, c.last_week, interval '7 days') AS week
      WHERE c.id = $1 ON CONFLICT DO NOTHING`,
    [id],
  );
}

/** Puts weeks in line to be bought, behind people's wishes and schedules; one that is in line already stays. */
export async function planWeeks(tx: Tx, collectionId: string, instanceId: string, weeks: readonly IsoDate[]): Promise<number> {
  const { rowCount } = await tx.query(
    `INSERT INTO week_runs (collection_id, instance_id, week) SELECT $1, $2, week FROM unnest($3::date[]) AS week ORDER BY week
     ON CONFLICT (collection_id, week) WHERE state IN ('planned', 'creating', 'running', 'downloading', 'merging') DO NOTHING`,
    [collectionId, instanceId, weeks],
  );
  return rowCount ?? 0;
}
