import type pg from 'pg';

export interface CollectingState {
  weekRuns: { state: string; runs: number }[];
  slots: { kind: string; used: number; total: number }[];
  /** Executions created this UTC day, of the busiest instance and account. */
  today: { kind: string; used: number }[];
  /** Bought at Amazon, and those of them that came to nothing (week_runs.attempt counts these). */
  executions: number;
  wasted: number;
  /** What quality rules found: runs that wait for a person ('held'), accepted runs with a note of it ('noted'), weeks that are 'doubtful'. */
  findings: { rule: string; outcome: 'held' | 'noted' | 'doubtful'; runs: number }[];
  /** Collections that Amazon refuses something, by error code: stopped or still trying; `heals`: whether it is probed. */
  refused: { state: 'running' | 'stopped'; code: string; heals: boolean; collections: number }[];
  /** Seconds since the newest accepted week of each collection. */
  ages: { collection: string; dataset: string; instance: string; seconds: number }[];
}

/** One statement, so that a scrape costs one round trip and shows one moment. */
export async function readCollectingState(pool: pg.Pool): Promise<CollectingState> {
  const { rows } = await pool.query<CollectingState>({
    text: `
      SELECT (SELECT coalesce(json_agg(s), '[]') FROM (SELECT state, count(*)::int AS runs FROM week_runs GROUP BY state ORDER BY state) s) AS "weekRuns",
             (SELECT json_agg(s) FROM (
                SELECT 'account' AS kind, count(run_id)::int AS used, count(*)::int AS total FROM account_slots
                UNION ALL SELECT 'instance', count(run_id)::int, count(*)::int FROM instance_slots) s) AS slots,
             (SELECT coalesce(json_agg(s), '[]') FROM (
                SELECT kind, max(used) AS used FROM execution_days WHERE day = (now() AT TIME ZONE 'UTC')::date GROUP BY kind) s) AS today,
             (SELECT coalesce(sum(attempt), 0)::float8 + count(*) FILTER (WHERE state IN ('running', 'downloading', 'merging', 'done', 'held'))
                FROM week_runs) AS executions,
             (SELECT coalesce(sum(attempt), 0)::float8 FROM week_runs) AS wasted,
             (SELECT coalesce(json_agg(s), '[]') FROM (
                SELECT f.finding->>'rule' AS rule, 'held' AS outcome, count(DISTINCT h.run_id)::int AS runs
                  FROM held_runs h CROSS JOIN LATERAL jsonb_array_elements(h.objections) AS f (finding) WHERE h.decision IS NULL GROUP BY 1
                UNION ALL
                SELECT f.finding->>'rule', 'noted', count(DISTINCT r.id)::int
                  FROM week_runs r CROSS JOIN LATERAL jsonb_array_elements(r.notes) AS f (finding) WHERE r.notes <> '[]' GROUP BY 1
                UNION ALL
                SELECT f.finding->>'rule', 'doubtful', count(*)::int
                  FROM report_data_weeks w CROSS JOIN LATERAL jsonb_array_elements(w.doubt->'findings') AS f (finding) WHERE w.doubt IS NOT NULL GROUP BY 1) s) AS findings,
             (SELECT coalesce(json_agg(s), '[]') FROM (
                SELECT c.state, coalesce(f.code, c.stop_code, 'unknown') AS code, f.collection_id IS NOT NULL AS heals, count(*)::int AS collections
                  FROM report_data_collections c LEFT JOIN collection_refusals f ON f.collection_id = c.id
                 WHERE c.state = 'stopped' OR (c.state = 'running' AND f.collection_id IS NOT NULL) GROUP BY 1, 2, 3) s) AS refused,
             (SELECT coalesce(json_agg(s), '[]') FROM (
                SELECT c.id::text AS collection, c.dataset, i.amc_instance_id AS instance, extract(epoch FROM now() - max(w.collected_at))::float8 AS seconds
                  FROM report_data_collections c
                  JOIN instances i ON i.id = c.instance_id
                  JOIN report_data_weeks w ON w.instance_id = c.instance_id AND w.dataset = c.dataset
                   AND w.dataset_version = c.dataset_version AND w.week BETWEEN c.first_week AND c.last_week
                 WHERE c.state <> 'cancelled' AND w.collected_at IS NOT NULL
                 GROUP BY c.id, c.dataset, i.amc_instance_id) s) AS ages`,
    ...DEADLINE,
  });
  return rows[0]!;
}

/** pg ends the wait itself; its types do not know the option. */
const DEADLINE = { query_timeout: 5_000 };
