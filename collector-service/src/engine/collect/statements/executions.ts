import type { Pool } from 'pg';

/** Which of the executions some run holds, this one's last included: none of them is up for adoption. */
export async function heldExecutions(pool: Pool, instanceId: string, executionIds: readonly string[]): Promise<Set<string>> {
  const { rows } = await pool.query<{ execution_id: string }>(
    'SELECT execution_id FROM week_runs WHERE instance_id = $1 AND execution_id = ANY ($2)',
    [instanceId, executionIds],
  );
  return new Set(rows.map((row) => row.execution_id));
}
