import type pg from 'pg';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { WindowKind } from '../../../ground/calendar/window.ts';
import type { BoundedScope } from '../../../ground/context.ts';

/** pg ends the wait itself; its types do not know the option. */
const DEADLINE = { query_timeout: 5_000 };

/** The server's version, as in '16.4'. */
export async function databaseVersion(pool: pg.Pool): Promise<string> {
  const { rows } = await pool.query<{ version: string }>({ text: "SELECT current_setting('server_version') AS version", ...DEADLINE });
  return rows[0]!.version;
}

export interface CitusWorkers {
  all: number;
  /** host:port of those that do not answer, or were taken out of use; null when one keeps so silent that nobody knows which. */
  lost: string[] | null;
}

/** The machines that hold the shards, each asked for a sign; undefined where the database is spread over none. */
export async function citusWorkers(pool: pg.Pool): Promise<CitusWorkers | undefined> {
  const { rows: catalogue } = await pool.query<{ exists: boolean }>({
    text: `SELECT to_regclass('pg_catalog.pg_dist_node') IS NOT NULL AS exists`,
    ...DEADLINE,
  });
  if (!catalogue[0]!.exists) return undefined;
  const all = await countWorkers(pool);
  return all === 0 ? undefined : { all, lost: await lostWorkers(pool).catch(silent) };
}

const WORKERS = `noderole = 'primary' AND groupid > 0`;

async function countWorkers(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ n: number }>({ text: `SELECT count(*)::int AS n FROM pg_dist_node WHERE ${WORKERS}`, ...DEADLINE });
  return rows[0]!.n;
}

/**
 * Citus gives a machine 30 seconds to answer, and whoever asks is not to wait so long. On a connection that is thrown away then, since the
 * pool's own deadline for its statements is longer.
 */
async function lostWorkers(pool: pg.Pool): Promise<string[]> {
  const client = await pool.connect();
  let failure: Error | undefined;
  try {
    const { rows } = await client.query<{ name: string }>({
      text: `SELECT nodename || ':' || nodeport AS name
               FROM pg_dist_node LEFT JOIN run_command_on_workers('SELECT 1') AS asked USING (nodename, nodeport)
              WHERE ${WORKERS} AND NOT coalesce(isactive AND success, false) ORDER BY 1`,
      ...DEADLINE,
    });
    return rows.map(({ name }) => name);
  } catch (error) {
    failure = error as Error;
    throw error;
  } finally {
    client.release(failure);
  }
}

function silent(error: unknown): null {
  if ((error as Error).message !== 'Query read timeout') throw error;
  return null;
}

export interface DatasetState {
  dataset: string;
  window: WindowKind;
  /** How many windows have data. */
  count: number;
  /** Monday of the newest. */
  newest: IsoDate;
}

/** Per dataset, what is served within the scope. */
export async function datasetStates(pool: pg.Pool, scope: BoundedScope): Promise<DatasetState[]> {
  const { rows } = await pool.query<DatasetState>({
    text: `SELECT w.dataset, min(d.definition ->> 'window') AS "window", count(*)::int AS count, max(w.week)::text AS newest
             FROM report_data_weeks w JOIN datasets d ON d.name = w.dataset AND d.version = w.dataset_version
            WHERE w.instance_id = ANY ($1) AND w.data_version > 0 GROUP BY w.dataset ORDER BY w.dataset`,
    values: [scope.instanceIds],
    ...DEADLINE,
  });
  return rows;
}
