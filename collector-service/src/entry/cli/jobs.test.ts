import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createUpkeepWorld, type UpkeepWorld } from '@amc-reports/test-support/upkeep/world.ts';
import { enqueue } from '../../ground/jobs/enqueue.ts';
import { cleanUpDatabase } from '../../product/upkeep/jobs/clean-up-database.ts';

let world: UpkeepWorld;
beforeAll(async () => {
  world = await createUpkeepWorld();
  mkdirSync(join(world.folder, 'provisioning'));
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

test('a job that failed for good is shown with its reason and what to do, and is tried again by command, on record', async () => {
  expect(collector('jobs', 'list')).toMatchObject({ status: 0, stdout: expect.stringMatching(/upkeep\.clean-up-database +0 +0 +0 +0\n?/) });
  expect(collector('status')).toMatchObject({ status: 0, stdout: expect.not.stringContaining('failed for good') });
  const id = await world.store.transaction((tx) => enqueue(tx, cleanUpDatabase, {}));
  await world.query(
    `UPDATE pgboss.job SET state = 'failed', retry_count = 3, completed_on = '2026-11-02T03:40Z', output = '{"message": "The disk is full."}' WHERE id = $1`,
    id,
  );
  const lines = `Jobs that failed for good:
  upkeep.clean-up-database, 2026-11-02T03:40Z, after 4 attempts: The disk is full.
    Once the cause is gone: collector jobs retry ${id}
`;
  for (const args of [['status'], ['jobs', 'list']])
    expect(collector(...args)).toMatchObject({ status: 1, stdout: expect.stringContaining(`\n${lines}`) });
  expect(JSON.parse(collector('status', '--json').stdout)).toMatchObject({ deadJobs: [{ id, message: 'The disk is full.' }] });

  expect(collector('jobs', 'retry', 'x')).toMatchObject({ status: 1, stderr: expect.stringContaining('No job x failed for good') });
  expect(collector('jobs', 'retry', id!)).toMatchObject({ status: 0, stdout: expect.stringContaining('in line again') });
  expect(await world.query('SELECT state FROM pgboss.job')).toEqual([{ state: 'retry' }]);
  expect(await world.query(`SELECT person, action, subject, details FROM audit_log`)).toEqual([
    { person: 'command line', action: 'job.retry', subject: `job ${id}`, details: { name: 'upkeep.clean-up-database' } },
  ]);
  expect(collector('jobs', 'list', '--json')).toMatchObject({ status: 0 });
});
