import type pg from 'pg';
import type { BoundedScope } from '../../../ground/context.ts';

/** pg ends the wait itself; its types do not know the option. */
const DEADLINE = { query_timeout: 5_000 };

/** The server's version, as in '16.4'. */
export async function databaseVersion(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ version: string }>({ text: "SELECT current_setting('server_version') AS version", ...DEADLINE });
  return rows[0]!.version;
}

export interface DatasetState {
  dataset: string;
  weeks: number;
  /** Day after the newest served week, ISO date. */
  until: string;
}

/** Per dataset, what is served within the scope. */
export async function datasetStates(pool: pg.Pool, scope: BoundedScope): Promise<DatasetState[]> {
  const { rows } = await pool.query<DatasetState>({
    text: `SELECT dataset, count(*)::int AS weeks, (max(week) + 7)::text AS until
             FROM report_data_weeks WHERE instance_id = ANY ($1) AND data_version > 0 GROUP BY dataset ORDER BY dataset`,
    values: [scope.instanceIds],
    ...DEADLINE,
  });
  return rows;
}

export interface CollectionStates {
  running: number;
  paused: number;
  /** `nextTryAt`: when Amazon is asked again (ISO 8601); null when only a person resumes it. */
  stopped: { name: string; reason: string | null; nextTryAt: string | null }[];
  /** Still running, although Amazon refuses them something. */
  refused: { name: string; reason: string; nextTryAt: string }[];
  /** Weeks whose newest run is open, held or failed, in collections that are not cancelled. */
  open: number;
  held: number;
  failed: number;
}

/** Collections within the scope, and their weeks by the state of the newest run. */
export async function collectionStates(pool: pg.Pool, scope: BoundedScope): Promise<CollectionStates> {
  const { rows } = await pool.query<CollectionStates>({
    text: `WITH mine AS (SELECT c.id, c.name, c.state, coalesce(f.message, c.stop_reason) AS reason, to_char(f.next_try_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS next_try
                           FROM report_data_collections c LEFT JOIN collection_refusals f ON f.collection_id = c.id
                          WHERE c.workspace_id = $1 AND c.instance_id = ANY ($2) AND c.state <> 'cancelled'),
                newest AS (SELECT DISTINCT ON (collection_id, week) state FROM week_runs
                            WHERE collection_id IN (SELECT id FROM mine) ORDER BY collection_id, week, id DESC)
           SELECT (SELECT count(*)::int FROM mine WHERE state = 'running') AS running,
                  (SELECT count(*)::int FROM mine WHERE state = 'paused') AS paused,
                  (SELECT coalesce(json_agg(json_build_object('name', name, 'reason', reason, 'nextTryAt', next_try) ORDER BY name), '[]') FROM mine WHERE state = 'stopped') AS stopped,
                  (SELECT coalesce(json_agg(json_build_object('name', name, 'reason', reason, 'nextTryAt', next_try) ORDER BY name), '[]')
                     FROM mine WHERE state = 'running' AND next_try IS NOT NULL) AS refused,
                  (SELECT count(*)::int FROM newest WHERE state NOT IN ('done', 'held', 'failed', 'skipped')) AS open,
                  (SELECT count(*)::int FROM newest WHERE state = 'held') AS held,
                  (SELECT count(*)::int FROM newest WHERE state = 'failed') AS failed`,
    values: [scope.workspaceId, scope.instanceIds],
    ...DEADLINE,
  });
  return rows[0]!;
}
