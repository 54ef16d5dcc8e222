import type { Pool } from 'pg';

/**
 * Milliseconds until a run's wait or lease ends that nobody will announce; null when there is none. What is ready already but was
 * not claimed waits for a slot, and slots are given back with a notification.
 */
export async function nextDueMs(pool: Pool): Promise<number | null> {
  const { rows } = await pool.query<{ ms: number | null }>(
    `SELECT (extract(epoch FROM least(
         (SELECT min(greatest(r.not_before, r.lease_until)) FROM week_runs r
          WHERE r.state IN ('creating', 'running', 'downloading', 'merging') AND greatest(r.not_before, r.lease_until) > now()),
         (SELECT min(r.not_before) FROM week_runs r WHERE r.state = 'planned' AND r.not_before > now()),
         (SELECT min(c.validate_after) FROM report_data_collections c WHERE c.state = 'running' AND c.validated_at IS NULL AND c.validate_after > now())
       ) - now()) * 1000)::float8 AS ms`,
  );
  return rows[0]?.ms ?? null;
}
