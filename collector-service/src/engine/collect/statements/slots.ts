import type { Tx } from '../../../ground/database.ts';

/**
 * Gives back what a run holds. Called only in the transaction that ends the run's execution (or proves that there is none): a slot
 * never expires by time, because Amazon goes on computing after our crash. Retired slots (see slots.ts) vanish instead of being freed.
 */
export async function freeSlots(tx: Tx, runId: string): Promise<void> {
  await tx.query(
    `WITH gone AS (DELETE FROM account_slots WHERE run_id = $1 AND slot_no < 0)
     UPDATE account_slots SET run_id = NULL WHERE run_id = $1 AND slot_no > 0`,
    [runId],
  );
  await tx.query(
    `WITH gone AS (DELETE FROM instance_slots WHERE run_id = $1 AND slot_no < 0)
     UPDATE instance_slots SET run_id = NULL WHERE run_id = $1 AND slot_no > 0`,
    [runId],
  );
}

/** Adds the missing slots 1 to limit. */
export async function growAccountSlots(tx: Tx, accountId: string, limit: number): Promise<void> {
  await tx.query(`INSERT INTO account_slots (account_id, slot_no) SELECT $1, n FROM generate_series(1, $2) n ON CONFLICT DO NOTHING`, [
    accountId,
    limit,
  ]);
}

export async function growInstanceSlots(tx: Tx, instanceId: string, limit: number): Promise<void> {
  await tx.query(`INSERT INTO instance_slots (instance_id, slot_no) SELECT $1, n FROM generate_series(1, $2) n ON CONFLICT DO NOTHING`, [
    instanceId,
    limit,
  ]);
}

/** Removes free slots above the limit and retires occupied ones: a negative number, gone when its execution ends. */
export async function shrinkAccountSlots(tx: Tx, accountId: string, limit: number): Promise<void> {
  await tx.query(`DELETE FROM account_slots WHERE account_id = $1 AND slot_no > $2 AND run_id IS NULL`, [accountId, limit]);
  await tx.query(
    `UPDATE account_slots SET slot_no = (SELECT least(min(o.slot_no), 0) FROM account_slots o WHERE o.account_id = $1) - slot_no
     WHERE account_id = $1 AND slot_no > $2`,
    [accountId, limit],
  );
}

export async function shrinkInstanceSlots(tx: Tx, instanceId: string, limit: number): Promise<void> {
  await tx.query(`DELETE FROM instance_slots WHERE instance_id = $1 AND slot_no > $2 AND run_id IS NULL`, [instanceId, limit]);
  await tx.query(
    `UPDATE instance_slots SET slot_no = (SELECT least(min(o.slot_no), 0) FROM instance_slots o WHERE o.instance_id = $1) - slot_no
     WHERE instance_id = $1 AND slot_no > $2`,
    [instanceId, limit],
  );
}

/** Every account that has instances; slots of both kinds are kept for them. */
export async function accountsAndInstances(tx: Tx): Promise<{ accountId: string; instanceIds: string[] }[]> {
  const { rows } = await tx.query<{ accountId: string; instanceIds: string[] }>(
    `SELECT account_id AS "accountId", array_agg(id::text ORDER BY id) AS "instanceIds" FROM instances GROUP BY account_id ORDER BY account_id`,
  );
  return rows;
}
