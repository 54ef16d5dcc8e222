import type { Pool } from 'pg';

const LOOKED = `now() - $1::float8 * interval '1 ms'`;

/**
 * Milliseconds until a run's wait or lease ends that nobody will announce; null when there is none. What is ready already but was
 * not claimed waits for a slot, and slots are given back with a notification.
 *
 * @param sinceMs how long ago the caller began to look for work: what became due meanwhile was missed by that look and would be slept
 *   over otherwise. Its wait is zero or negative.
 */
export async function nextDueMs(pool: Pool, sinceMs: number): Promise<number | null> {
  const { rows } = await pool.query<{ ms: number | null }>(
    `SELECT (extract(epoch FROM least(
         (SELECT min(greatest(r.not_before, r.lease_until)) FROM week_runs r
          WHERE r.state IN ('creating', 'running', 'downloading', 'merging') AND greatest(r.not_before, r.lease_until) > ${LOOKED}),
         (SELECT min(r.not_before) FROM week_runs r WHERE r.state = 'planned' AND r.not_before > ${LOOKED}),
         (SELECT min(c.validate_after) FROM report_data_collections c WHERE c.state = 'running' AND c.validated_at IS NULL AND c.validate_after > ${LOOKED}),
         (SELECT min(f.next_try_at) FROM collection_refusals f WHERE f.next_try_at > ${LOOKED})
       ) - now()) * 1000)::float8 AS ms`,
    [sinceMs],
  );
  return rows[0]?.ms ?? null;
}
