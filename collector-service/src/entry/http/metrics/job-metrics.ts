import { Counter, Gauge, type Registry } from 'prom-client';
import type pg from 'pg';
import { readJobCounts, readJobTotals } from '../../../ground/jobs/state.ts';

/**
 * Everyday jobs of all processes together, read from the tables before each scrape. Without an answer of the database the series are
 * absent.
 * @returns reads the tables into the metrics; never rejects
 */
export function createJobMetrics(registry: Registry, pool: pg.Pool): () => Promise<void> {
  const registers = [registry];
  const inLine = new Gauge({ name: 'amc_reports_jobs', help: 'Jobs in line by state', labelNames: ['job', 'state'] as const, registers });
  const dead = new Gauge({ name: 'amc_reports_jobs_dead', help: 'Jobs that failed for good', labelNames: ['job'] as const, registers });
  const labelNames = ['job', 'outcome'] as const;
  const runs = new Counter({ name: 'amc_reports_job_runs_total', help: 'Runs of jobs by outcome', labelNames, registers });
  const seconds = new Counter({ name: 'amc_reports_job_run_seconds_total', help: 'Time that runs of jobs took', labelNames, registers });

  return async () => {
    const read = await Promise.all([readJobCounts(pool), readJobTotals(pool)]).catch(() => null);
    for (const each of [inLine, dead, runs, seconds]) each.reset();
    if (read === null) return;
    const [counts, totals] = read;
    for (const { job, dead: gone, ...states } of counts) {
      dead.set({ job }, gone);
      for (const state of ['waiting', 'retrying', 'running'] as const) inLine.set({ job, state }, states[state]);
    }
    for (const { job, outcome, ...total } of totals) {
      runs.inc({ job, outcome }, total.runs);
      seconds.inc({ job, outcome }, total.seconds);
    }
  };
}
