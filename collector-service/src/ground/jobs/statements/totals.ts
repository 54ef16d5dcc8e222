import type { Pool } from 'pg';

export type JobOutcome = 'completed' | 'retried' | 'failed' | 'handed_back';

export async function countRun(pool: Pool, job: string, outcome: JobOutcome, seconds: number): Promise<void> {
  await pool.query(
    `INSERT INTO job_totals AS t (job, outcome, runs, seconds) VALUES ($1, $2, 1, $3)
     ON CONFLICT (job, outcome) DO UPDATE SET runs = t.runs + 1, seconds = t.seconds + excluded.seconds`,
    [job, outcome, seconds],
  );
}
