import { createWorld, type World } from '@amc-reports/test-support/http/world.ts';
import { migrate } from '../../../data/store/migrate.ts';
import { enqueue } from '../../../ground/jobs/enqueue.ts';
import { countRun } from '../../../ground/jobs/statements/totals.ts';
import { JOBS } from '../../../jobs.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
  await migrate(world.store, { datasets: [], jobs: JOBS });
});
afterAll(() => world.close());

const scrape = async () => await (await world.request('/metrics', { token: null })).text();

test('jobs are counted by state and outcome as the tables have them, of all processes; without the tables they are absent', async () => {
  const [forget, cleanUp] = JOBS;
  const { pool, transaction } = world.store;
  expect(await scrape()).toContain('amc_reports_jobs_dead{job="upkeep.clean-up-database"} 0');
  await transaction((tx) => enqueue(tx, forget, {}));
  await transaction((tx) => enqueue(tx, cleanUp, {}));
  await pool.query(`UPDATE pgboss.job SET state = 'failed', completed_on = now() WHERE name = $1`, [cleanUp.name]);
  await countRun(pool, cleanUp.name, 'retried', 1.5);
  await countRun(pool, cleanUp.name, 'retried', 2);
  await countRun(pool, cleanUp.name, 'failed', 4);
  const text = await scrape();
  for (const line of [
    'amc_reports_jobs{job="collect.forget",state="waiting"} 1',
    'amc_reports_jobs{job="collect.forget",state="running"} 0',
    'amc_reports_jobs{job="upkeep.clean-up-database",state="waiting"} 0',
    'amc_reports_jobs_dead{job="collect.forget"} 0',
    'amc_reports_jobs_dead{job="upkeep.clean-up-database"} 1',
    'amc_reports_job_runs_total{job="upkeep.clean-up-database",outcome="retried"} 2',
    'amc_reports_job_run_seconds_total{job="upkeep.clean-up-database",outcome="retried"} 3.5',
    'amc_reports_job_runs_total{job="upkeep.clean-up-database",outcome="failed"} 1',
  ])
    expect(text.split('\n')).toContain(line);
  expect(text).not.toContain('__pgboss');

  await pool.query('ALTER TABLE job_totals RENAME TO away');
  const without = await scrape();
  expect(without).not.toMatch(/amc_reports_jobs?_?\w*\{/);
  expect(without).toContain('amc_reports_database_up 1');
  await pool.query('ALTER TABLE away RENAME TO job_totals');
});
