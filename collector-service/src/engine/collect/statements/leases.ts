import type { Pool } from 'pg';
import type { ClaimedRun } from '../run.ts';
import { wakeWorkers } from '../../../ground/outbox/announce.ts';

type Held = Pick<ClaimedRun, 'id' | 'fence'>;
const columns = (held: readonly Held[]) => [held.map((run) => run.id), held.map((run) => run.fence)];

/**
 * Renews the leases of one process in one statement and returns the ids of the runs that another worker has taken over.
 * SKIP LOCKED, because a merge holds its run's row until it commits: nobody can claim such a row, and waiting for it here would
 * let all the other leases run out.
 */
export async function renewLeases(pool: Pool, held: readonly Held[], leaseMs: number): Promise<string[]> {
  const { rows } = await pool.query<{ id: string }>(
    `WITH mine AS (
       SELECT * FROM unnest($1::bigint[], $2::bigint[]) AS m (id, fence)
     ), renewable AS MATERIALIZED (
       SELECT r.id FROM week_runs r JOIN mine USING (id, fence) ORDER BY r.id FOR UPDATE OF r SKIP LOCKED
     ), renewed AS (
       UPDATE week_runs r SET lease_until = now() + $3::float8 * interval '1 ms' FROM renewable WHERE r.id = renewable.id AND r.lease_until IS NOT NULL
     )
     SELECT m.id FROM mine m JOIN week_runs r USING (id) WHERE r.fence <> m.fence`,
    [...columns(held), leaseMs],
  );
  return rows.map((row) => row.id);
}

/** Gives runs back at once and wakes the other workers: nobody has to wait for the lease to run out (graceful stop). */
export async function releaseLeases(pool: Pool, held: readonly Held[]): Promise<void> {
  await pool.query(
    `UPDATE week_runs r SET lease_until = '-infinity', lease_owner = NULL
     FROM unnest($1::bigint[], $2::bigint[]) AS m (id, fence)
     WHERE r.id = m.id AND r.fence = m.fence AND r.lease_until IS NOT NULL`,
    columns(held),
  );
  await wakeWorkers(pool);
}
