import type { Pool } from 'pg';
import type { WeekState } from '../states.ts';

export interface Progress {
  /** Number of weeks by the state of their newest run; states without weeks are left out. */
  weeks: Partial<Record<WeekState, number>>;
  weeksTotal: number;
  /** Done or skipped. */
  weeksDone: number;
  /** Failed or held: a person has to look. */
  weeksInTrouble: number;
  /** Weeks that some worker will move on sooner or later. */
  moving: number;
  /** Executions computing at Amazon now. */
  inFlight: number;
  /** Rows merged by the newest runs, and bytes of their files. */
  rows: number;
  bytes: number;
  /** Collections that Amazon made us stop, with the reason. */
  stopped: { id: string; name: string; reason: string }[];
}

export async function selectProgress(pool: Pool, workspaceId: string, collectionIds?: readonly string[]): Promise<Progress> {
  const { rows } = await pool.query<Progress>({
    text: `WITH chosen AS (
         SELECT id, name, state, stop_reason FROM report_data_collections
         WHERE workspace_id = $1 AND CASE WHEN $2::bigint[] IS NULL THEN state <> 'cancelled' ELSE id = ANY ($2) END
       ), newest AS (
         SELECT DISTINCT ON (r.collection_id, r.week) r.state, r.rows_total, r.file_bytes, c.state AS collection_state
         FROM week_runs r JOIN chosen c ON c.id = r.collection_id
         ORDER BY r.collection_id, r.week, r.id DESC)
       SELECT coalesce((SELECT jsonb_object_agg(state, n) FROM (SELECT state, count(*) AS n FROM newest GROUP BY state) counted), '{}') AS weeks,
         (SELECT count(*)::int FROM newest) AS "weeksTotal",
         (SELECT count(*)::int FROM newest WHERE state IN ('done', 'skipped')) AS "weeksDone",
         (SELECT count(*)::int FROM newest WHERE state IN ('failed', 'held')) AS "weeksInTrouble",
         (SELECT count(*)::int FROM newest
          WHERE (collection_state = 'running' AND state NOT IN ('done', 'skipped', 'failed', 'held')) OR state IN ('creating', 'running')) AS moving,
         (SELECT count(*)::int FROM newest WHERE state IN ('creating', 'running')) AS "inFlight",
         (SELECT coalesce(sum(rows_total), 0)::float8 FROM newest) AS rows,
         (SELECT coalesce(sum(file_bytes), 0)::float8 FROM newest) AS bytes,
         coalesce((SELECT jsonb_agg(jsonb_build_object('id', id::text, 'name', name, 'reason', stop_reason)) FROM chosen WHERE state = 'stopped'), '[]') AS stopped`,
    values: [workspaceId, collectionIds ?? null],
    ...DEADLINE,
  });
  return rows[0]!;
}

/** pg ends the wait itself; its types do not know the option. */
const DEADLINE = { query_timeout: 10_000 };
