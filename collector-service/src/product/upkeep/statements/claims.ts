import type { Pool, PoolClient } from 'pg';

/** Takes a recurring task when nobody did within the hours (database clock); of many processes one gets true. */
export async function claimTask(tx: PoolClient, task: string, everyHours: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    `INSERT INTO upkeep_claims (task, claimed_at) VALUES ($1, now())
     ON CONFLICT (task) DO UPDATE SET claimed_at = now(), finished_at = NULL, outcome = NULL
       WHERE upkeep_claims.claimed_at < now() - $2::float8 * interval '1 hour'
     RETURNING task`,
    [task, everyHours],
  );
  return rowCount === 1;
}

export async function finishTask(tx: PoolClient, task: string, outcome: unknown): Promise<void> {
  await tx.query('UPDATE upkeep_claims SET finished_at = now(), outcome = $2 WHERE task = $1', [task, JSON.stringify(outcome)]);
}

export async function selectWorkspaceIds(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>('SELECT id::text FROM workspaces ORDER BY id');
  return rows.map(({ id }) => id);
}
