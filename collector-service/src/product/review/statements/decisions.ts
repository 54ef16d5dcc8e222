import type { HeldRow } from './held-runs.ts';
import type { Tx } from '../../../ground/database.ts';

/** Who decided what and why. `seen` replaces what the run was held against by what the person looked at. */
export interface Decision {
  decision: 'accepted' | 'kept' | 'run_again';
  person: string;
  reason: string;
  seen?: { servedVersion: string; change: HeldRow['change'] };
}

export async function writeDecision(tx: Tx, runId: string, { decision, person, reason, seen }: Decision): Promise<void> {
  await tx.query(
    `UPDATE held_runs SET decision = $2, decided_by = $3, decided_at = now(), decision_reason = $4,
            served_version = coalesce($5, served_version), change = coalesce($6, change)
      WHERE run_id = $1`,
    [runId, decision, person, reason, seen?.servedVersion ?? null, seen?.change ? JSON.stringify(seen.change) : null],
  );
}

/**
 * The held result goes on to be merged, from its kept file and without a quality rule having a say. The fence rises, as with every
 * claim; the first worker that is free takes it. No slot is needed: nothing is asked of Amazon.
 * @returns false when the run is not held (any more)
 */
export async function releaseRun(tx: Tx, runId: string, priority: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE week_runs SET state = 'downloading', source = 'stored', overrule = true, fence = fence + 1, priority = $2, not_before = now(),
            lease_until = NULL, lease_owner = NULL, finished_at = NULL, error_code = NULL, error_message = NULL, error_at = NULL, updated_at = now()
      WHERE id = $1 AND state = 'held'`,
    [runId, priority],
  );
  return rowCount === 1;
}

/** The held result is left aside; the week no longer asks for a person. */
export async function setAside(tx: Tx, runId: string, message: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE week_runs SET state = 'skipped', fence = fence + 1, error_code = 'result_set_aside', error_message = $2, error_at = now(), updated_at = now()
      WHERE id = $1 AND state = 'held'`,
    [runId, message],
  );
  return rowCount === 1;
}
