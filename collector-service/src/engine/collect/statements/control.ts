import type { Tx } from '../../../ground/database.ts';

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
