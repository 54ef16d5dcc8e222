import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Tx } from '../run.ts';
import type { CollectionState, WeekState } from '../states.ts';
import type { ReadScope } from './read-collections.ts';

export interface LockedCollection {
  id: string;
  workspaceId: string;
  instanceId: string;
  name: string;
  state: CollectionState;
  stopReason: string | null;
  firstWeek: IsoDate;
  lastWeek: IsoDate;
}

/** A collection of the scope, locked so that two decisions about it come one after the other. */
export async function lockCollection(tx: Tx, scope: ReadScope, id: string): Promise<LockedCollection | undefined> {
  const { rows } = await tx.query<LockedCollection>(
    `SELECT id, workspace_id AS "workspaceId", instance_id AS "instanceId", name, state, stop_reason AS "stopReason",
            first_week::text AS "firstWeek", last_week::text AS "lastWeek"
     FROM report_data_collections
     WHERE id = $1 AND workspace_id = $2 AND ($3::bigint[] IS NULL OR instance_id = ANY ($3))
     FOR UPDATE`,
    [id, scope.workspaceId, scope.instanceIds ?? null],
  );
  return rows[0];
}

/** The newest run of a week. */
export async function newestRun(tx: Tx, collectionId: string, week: IsoDate): Promise<{ id: string; state: WeekState } | undefined> {
  const { rows } = await tx.query<{ id: string; state: WeekState }>(
    'SELECT id, state FROM week_runs WHERE collection_id = $1 AND week = $2 ORDER BY id DESC LIMIT 1',
    [collectionId, week],
  );
  return rows[0];
}

/** @returns undefined when the week has an open run already (unique index week_runs_one_open) */
export async function insertRun(
  tx: Tx,
  collectionId: string,
  instanceId: string,
  week: IsoDate,
  priority: number,
): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    `INSERT INTO week_runs (collection_id, instance_id, week, priority) VALUES ($1, $2, $3, $4)
     ON CONFLICT (collection_id, week) WHERE state IN ('planned', 'creating', 'running', 'downloading', 'merging') DO NOTHING
     RETURNING id`,
    [collectionId, instanceId, week, priority],
  );
  return rows[0]?.id;
}

/** Puts a waiting run at the head of the line, now. Not one whose execution is looked for: the wait between two looks is part of the proof. */
export async function hurryRun(tx: Tx, runId: string, priority: number): Promise<void> {
  await tx.query(
    `UPDATE week_runs SET priority = least(priority, $2), not_before = now(), updated_at = now() WHERE id = $1 AND state IN ('planned', 'downloading')`,
    [runId, priority],
  );
}

/**
 * A cancelled collection buys nothing more: weeks not yet sent to Amazon are skipped here and now. What may be computing there
 * stays open until it is cancelled at Amazon, because it still counts against the limits. The fence rises, so that a worker in
 * the middle of a download learns that its work is no longer wanted.
 */
export async function skipWaitingRuns(tx: Tx, collectionId: string, reason: string): Promise<void> {
  await tx.query(
    `UPDATE week_runs SET state = 'skipped', fence = fence + 1, lease_until = NULL, lease_owner = NULL, finished_at = now(), updated_at = now(),
       error_code = 'execution_cancelled', error_message = $2, error_at = now()
     WHERE collection_id = $1 AND state IN ('planned', 'downloading', 'merging')`,
    [collectionId, reason],
  );
}

/** Makes the rest due at once, so that a worker cancels it at Amazon without waiting for the next poll. */
export async function hurryInFlight(tx: Tx, collectionId: string): Promise<void> {
  await tx.query(`UPDATE week_runs SET not_before = now(), updated_at = now() WHERE collection_id = $1 AND state = 'running'`, [
    collectionId,
  ]);
}
