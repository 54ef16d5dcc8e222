import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { campaignFile } from '@amc-reports/test-support/store/merge-fixture.ts';
import { createUpkeepWorld, type TestInstance, type UpkeepWorld } from '@amc-reports/test-support/upkeep/world.ts';

let world: UpkeepWorld;
let instance: TestInstance;

beforeAll(async () => {
  world = await createUpkeepWorld();
  instance = await world.newInstance();
  mkdirSync(join(world.folder, 'provisioning'));
  for (const week of ['2026-01-05', '2026-01-12'])
    await instance.load('campaign_performance', campaignFile(['1', '2', '3'].map((campaign_id) => ({ campaign_id, event_date: week }))));
});
afterAll(() => world.close());

function collector(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(__dirname, 'collector.ts'), ...args], {
    encoding: 'utf8',
    env: {
      PATH: '/usr/bin:/bin',
      DATABASE_URL: world.url,
      DATA_DIR: join(world.folder, 'data'),
      PROVISIONING_DIR: join(world.folder, 'provisioning'),
      WORKSPACE: 'test',
    },
  });
  return { status, stdout, stderr };
}

test('rebuild says what differs with --verify, repairs without, and leaves out with --resume what it found right', async () => {
  expect(collector('rebuild', '--verify')).toMatchObject({ status: 0, stdout: '2 weeks: 2 as stored.\n' });
  await world.query(`DELETE FROM fact_campaign_performance_v1 WHERE campaign_id = '2' AND week = '2026-01-12'`);
  const drift = collector('rebuild', '--verify', '--weeks', '2026-01-12');
  expect(drift).toMatchObject({
    status: 1,
    stdout: expect.stringContaining('week 2026-01-12: drift. fact_campaign_performance_v1: 1 missing'),
  });
  expect(drift.stderr).toContain('1 need attention');
  expect(collector('rebuild', '--resume')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('1 made again, 1 were checked before.'),
  });
  expect(collector('rebuild', '--weeks', '2026-01-13')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('must be a Monday; the week of 2026-01-13 is 2026-01-12'),
  });
});

test('files are listed and exported', () => {
  expect(collector('files', 'list', '--by', 'week')).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/amc1 +campaign_performance v1 +2026-01-12 +3 /),
  });
  expect(JSON.parse(collector('files', 'list', '--json').stdout)).toMatchObject({ lines: [{ rows: 6 }], tables: expect.any(Array) });
  const to = join(world.folder, 'out');
  const args = ['files', 'export', '--instance', 'amc1', '--dataset', 'campaign_performance', '--to', to];
  expect(collector(...args)).toMatchObject({ status: 0, stdout: expect.stringContaining('2 weeks written, 0 were there') });
  expect(readdirSync(join(to, 'amc1', 'campaign_performance_v1'))).toEqual(['2026-01-05.csv', '2026-01-12.csv']);
});

test('clean-up says what would go, and removes it', async () => {
  await world.query(`INSERT INTO result_files (instance_id, run_id, part, chunk, packed) VALUES ($1, 98765, 0, 0, '\\x0102')`, instance.id);
  const dry = collector('clean-up', '--dry-run');
  expect(dry).toMatchObject({ status: 0, stdout: expect.stringMatching(/orphan-files +1 +2 B[\s\S]*Nothing was removed/) });
  expect(collector('clean-up', '--only', 'orphan-files')).toMatchObject({ status: 0, stdout: expect.stringMatching(/what +gone/) });
  expect(await world.query('SELECT FROM result_files WHERE run_id = 98765')).toEqual([]);
  expect(collector('clean-up', '--only', 'everything')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("'everything' is none of"),
  });
});

test('dataset versions are listed, and one that is needed stays', () => {
  expect(collector('clean-up', '--versions').stdout).toMatch(/campaign_performance +1 +2 +2 .*in use: collected/);
  expect(collector('clean-up', '--drop-version', 'campaign_performance@1', '--yes')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('stays'),
  });
});

test('citus-plan prints statements and changes nothing', async () => {
  const before = await world.counts();
  const { status, stdout } = collector('citus-plan', '--worker', 'one', '--worker', 'two:5433', '--shards', '8');
  expect([status, stdout]).toEqual([
    0,
    expect.stringContaining(`create_distributed_table('result_files', 'instance_id', shard_count => 8)`),
  ]);
  expect(await world.counts()).toEqual(before);
});

test('an upgrade to a version that is not loaded is refused with the versions that are', () => {
  expect(collector('dataset', 'upgrade', 'campaign_performance', '--to', '3')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('known: 2, 1'),
  });
});
