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
