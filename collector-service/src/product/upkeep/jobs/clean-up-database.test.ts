import { eventually } from '@amc-reports/test-support/collect/bench.ts';
import { QUICK } from '@amc-reports/test-support/jobs/bench.ts';
import { campaignFile } from '@amc-reports/test-support/store/merge-fixture.ts';
import { createUpkeepWorld, type UpkeepWorld } from '@amc-reports/test-support/upkeep/world.ts';
import { enqueue } from '../../../ground/jobs/enqueue.ts';
import { runJobs } from '../../../ground/jobs/runner.ts';
import { migrate } from '../../../data/store/migrate.ts';
import { cleanUpDatabase } from './clean-up-database.ts';

let world: UpkeepWorld;
beforeAll(async () => {
  world = await createUpkeepWorld();
  await migrate(world.store, { datasets: world.catalogue.datasets, jobs: [cleanUpDatabase] });
  const instance = await world.newInstance();
  await instance.load('campaign_performance', campaignFile([{ campaign_id: '1' }]));
});
afterAll(() => world.close());

const orphan = async () =>
  void (await world.query(
    `INSERT INTO result_files (instance_id, run_id, part, chunk, packed) SELECT id, 987654321, 0, 0, '\\x01' FROM instances`,
  ));
const orphans = async () => (await world.query('SELECT FROM result_files WHERE run_id = 987654321')).length;
const runs = () =>
  world.query<{ state: string; output: object | null }>('SELECT state, output FROM pgboss.job WHERE name = $1', cleanUpDatabase.name);

async function work(until: () => Promise<boolean>): Promise<void> {
  const stop = new AbortController();
  const options = { ...world.deps, jobs: [cleanUpDatabase], deps: world.deps, pace: QUICK };
  const running = Promise.all([1, 2, 3].map(() => runJobs(options, stop.signal)));
  await eventually(until);
  stop.abort();
  await running;
}

test('of several processes one cleans up every workspace, and says what went; a failure is tried again', async () => {
  await world.query(`INSERT INTO workspaces (name) VALUES ('other')`);
  await orphan();
  await world.query('ALTER TABLE held_runs RENAME TO held_runs_away');
  await world.store.transaction((tx) => enqueue(tx, cleanUpDatabase, {}));
  await work(async () => (await runs())[0]!.state === 'retry');
  expect(await orphans()).toBe(1);
  await world.query('ALTER TABLE held_runs_away RENAME TO held_runs');

  // As after the five minutes until it is tried again.
  await world.query('UPDATE pgboss.job SET start_after = now()');
  await work(async () => (await runs())[0]!.state === 'completed');
  expect(await orphans()).toBe(0);
  expect(await runs()).toEqual([{ state: 'completed', output: { removed: [{ what: 'orphan-files', rows: 1, bytes: 1 }] } }]);
  expect(await world.query(`SELECT person, subject FROM audit_log WHERE action = 'clean-up'`)).toEqual([
    { person: 'upkeep', subject: 'orphan-files' },
  ]);
});
