import { setTimeout as sleep } from 'node:timers/promises';
import { campaignFile } from '@amc-reports/test-support/store/merge-fixture.ts';
import { runDailyCleanUp } from './daily.ts';
import { createUpkeepWorld, type UpkeepWorld } from '@amc-reports/test-support/upkeep/world.ts';

let world: UpkeepWorld;
beforeAll(async () => {
  world = await createUpkeepWorld();
  const instance = await world.newInstance();
  await instance.load('campaign_performance', campaignFile([{ campaign_id: '1' }]));
});
afterAll(() => world.close());

const retention = { resultFilesWeeks: undefined, heldFilesDays: 30, runsDays: 400, auditDays: undefined };
const orphan = async () =>
  void (await world.query(
    `INSERT INTO result_files (instance_id, run_id, part, chunk, packed) SELECT id, 987654321, 0, 0, '\\x01' FROM instances`,
  ));
const orphans = async () => (await world.query('SELECT FROM result_files WHERE run_id = 987654321')).length;
const claim = async () =>
  (
    await world.query<{ claimed: Date; finished: boolean; outcome: unknown }>(
      'SELECT claimed_at AS claimed, finished_at IS NOT NULL AS finished, outcome FROM upkeep_claims',
    )
  )[0];

async function runThree(until: () => Promise<boolean>): Promise<void> {
  const stop = new AbortController();
  const running = [1, 2, 3].map(() => runDailyCleanUp({ ...world.deps, retention }, stop.signal, 20));
  for (let i = 0; i < 500 && !(await until()); i++) await sleep(20);
  await sleep(100);
  stop.abort();
  await Promise.all(running);
}

test('of several processes one cleans up, once a day, and says what went', async () => {
  await orphan();
  await runThree(async () => (await claim())?.finished === true);
  expect(await orphans()).toBe(0);
  expect((await claim())!.outcome).toEqual([{ what: 'orphan-files', rows: 1, bytes: 1 }]);
  const audits = () => world.query(`SELECT person, subject FROM audit_log WHERE action = 'clean-up'`);
  expect(await audits()).toEqual([{ person: 'upkeep', subject: 'orphan-files' }]);

  await orphan();
  await runThree(async () => true);
  expect(await orphans()).toBe(1);

  await world.query(`UPDATE upkeep_claims SET claimed_at = now() - interval '24 hours'`);
  await runThree(async () => (await orphans()) === 0 && (await claim())!.finished);
  expect(await audits()).toHaveLength(2);
});

test('a failure is left for the next day and ends nothing', async () => {
  await world.query(`UPDATE upkeep_claims SET claimed_at = now() - interval '24 hours'`);
  await orphan();
  await world.query('ALTER TABLE held_runs RENAME TO held_runs_away');
  await runThree(async () => (await claim())!.finished === false);
  expect(await orphans()).toBe(1);
  await world.query('ALTER TABLE held_runs_away RENAME TO held_runs');
});
