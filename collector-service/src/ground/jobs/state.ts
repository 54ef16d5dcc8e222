import type { Pool } from 'pg';
import { CollectorError } from '../../contract/error.ts';
import type { Database } from './pg-boss.ts';

export interface JobCounts {
  job: string;
  /** Enqueued, and for a later time or now. */
  waiting: number;
  /** Failed, and to be tried again. */
  retrying: number;
  running: number;
  /** Failed for good. */
  dead: number;
  /** When one was last completed; null when none is on record. */
  lastCompletedAt: Date | null;
}

export interface DeadJob {
  id: string;
  job: string;
  failedAt: Date;
  attempts: number;
  message: string;
}

/** Failed for good, and not made up for: of a job that is one of a kind (ground/jobs/job.ts), a later one that got through heals it. */
const DEAD = `j.state = 'failed' AND NOT (j.policy = 'exclusive' AND EXISTS (
  SELECT FROM pgboss.job later WHERE later.name = j.name AND coalesce(later.singleton_key, '') = coalesce(j.singleton_key, '')
     AND later.state = 'completed' AND later.completed_on > j.completed_on))`;

const DEAD_JOB = `j.id::text, j.name AS job, j.completed_on AS "failedAt", j.retry_count + 1 AS attempts,
  coalesce(j.output->>'message', j.output->'value'->>'message', '') AS message`;

/** Every job of this installation, with nothing in line too. */
export async function readJobCounts(pool: Pool): Promise<JobCounts[]> {
  const { rows } = await pool.query<JobCounts>({
    text: `
      SELECT q.name AS job,
             count(*) FILTER (WHERE j.state = 'created')::int AS waiting,
             count(*) FILTER (WHERE j.state = 'retry')::int AS retrying,
             count(*) FILTER (WHERE j.state = 'active')::int AS running,
             count(*) FILTER (WHERE ${DEAD})::int AS dead,
             max(j.completed_on) FILTER (WHERE j.state = 'completed') AS "lastCompletedAt"
        FROM pgboss.queue q LEFT JOIN pgboss.job j ON j.name = q.name
       WHERE q.name NOT LIKE '\\_\\_pgboss%'
       GROUP BY q.name ORDER BY q.name`,
    ...DEADLINE,
  });
  return rows;
}

/** The newest first; a heartbeat that stopped or a time that was up leaves pg-boss's own words. */
export async function readDeadJobs(pool: Pool): Promise<DeadJob[]> {
  const { rows } = await pool.query<DeadJob>(
    `SELECT ${DEAD_JOB} FROM pgboss.job j WHERE j.name NOT LIKE '\\_\\_pgboss%' AND ${DEAD} ORDER BY j.completed_on DESC LIMIT 100`,
  );
  return rows;
}

/** @throws CollectorError not_found */
export async function readDeadJob(db: Database, id: string): Promise<DeadJob> {
  const { rows } = await db.query<DeadJob>(`SELECT ${DEAD_JOB} FROM pgboss.job j WHERE j.id::text = $1 AND j.state = 'failed'`, [id]);
  if (rows[0]) return rows[0];
  const message = `No job ${id} failed for good. collector jobs list shows those that did.`;
  throw new CollectorError('not_found', message);
}

export interface JobTotals {
  job: string;
  outcome: string;
  runs: number;
  seconds: number;
}

export async function readJobTotals(pool: Pool): Promise<JobTotals[]> {
  const { rows } = await pool.query<JobTotals>({
    text: 'SELECT job, outcome, runs::float8 AS runs, seconds FROM job_totals ORDER BY job, outcome',
    ...DEADLINE,
  });
  return rows;
}

/** pg ends the wait itself; its types do not know the option. */
const DEADLINE = { query_timeout: 5_000 };
