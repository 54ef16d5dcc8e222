import type { TestBench } from '../collect/bench.ts';

/** A run as the database shows it while its worker is dead or frozen. */
export interface RunRow {
  state: string;
  attempted: boolean;
  looked: boolean;
  execution: string | null;
  leased: boolean;
  facts: number;
}

/** The newest run of each week. */
export const runsOf = (bench: TestBench): Promise<RunRow[]> =>
  bench.query<RunRow>(
    `SELECT DISTINCT ON (r.week) state, create_attempted_at IS NOT NULL AS attempted, looked_at IS NOT NULL AS looked,
       execution_id AS execution, coalesce(lease_until > '-infinity', false) AS leased,
       (SELECT count(*)::int FROM fact_campaign_performance_v2 f WHERE f.week = r.week) AS facts
     FROM week_runs r ORDER BY r.week, r.id DESC`,
  );
