import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Keyring } from '../../data/connect/keyring.ts';
import { createTestDatabase, type TestDatabase } from '@amc-reports/test-support/database.ts';
import { campaignFile } from '@amc-reports/test-support/store/merge-fixture.ts';
import { createUpkeepWorld, type UpkeepWorld } from '@amc-reports/test-support/upkeep/world.ts';

let world: UpkeepWorld;
let target: TestDatabase;
let runs = 0;

beforeAll(async () => {
  world = await createUpkeepWorld();
  mkdirSync(join(world.folder, 'provisioning'));
  const instance = await world.newInstance();
  await instance.load('campaign_performance', campaignFile([{ campaign_id: '1', event_date: '2026-01-05' }]));
  target = await createTestDatabase();
  // Any command makes the key file of the old installation; the connection is stored under that key.
  expect(collector(world.url, 'old', 'status').status).toBe(0);
  const [id] = Keyring.ofFile(keyOf('old')).ids;
  await world.query('UPDATE connections SET secret_key_id = $1', id);
});
afterAll(async () => {
  await world.close();
  await target.drop();
});

const keyOf = (installation: string): string => join(world.folder, installation, 'encryption.key');
const newFolder = (): string => join(world.folder, `backup-${++runs}`);

function collector(url: string | undefined, installation: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(__dirname, 'collector.ts'), ...args], {
    encoding: 'utf8',
    env: {
      PATH: '/usr/bin:/bin',
      ...(url !== undefined && { DATABASE_URL: url }),
      DATA_DIR: join(world.folder, installation),
      PROVISIONING_DIR: join(world.folder, 'provisioning'),
      WORKSPACE: 'test',
    },
  });
  return { status, stdout, stderr };
}

test('a back-up says what it holds and that the keys are not in it; a copy of them goes elsewhere, or nowhere', () => {
  const folder = newFolder();
  const made = collector(world.url, 'old', 'backup', folder);
  expect(made).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Backed up \d+ tables, [\d,]+ rows, 1 week .* to .*backup-1\n/) });
  expect(made.stdout).toContain(`which are in the file ${keyOf('old')}. They are needed to restore`);
  expect(made.stderr).toContain('fact_campaign_performance_v1');
  expect(statSync(folder).mode & 0o077).toBe(0);
  const key = readFileSync(keyOf('old'), 'utf8').trim();
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((each) => each.includes('.')))
    expect(readFileSync(join(folder, name)).includes(key)).toBe(false);

  expect(collector(world.url, 'old', 'backup', folder)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('holds a back-up already'),
  });
  const inside = newFolder();
  expect(collector(world.url, 'old', 'backup', inside, '--key-to', join(inside, 'key'))).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('apart from the back-up'),
  });
  expect(existsSync(inside)).toBe(false);
  const copy = join(world.folder, 'safe', 'key');
  expect(collector(world.url, 'old', 'backup', newFolder(), '--key-to', copy)).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(copy),
  });
  expect([readFileSync(copy, 'utf8').trim(), statSync(copy).mode & 0o077]).toEqual([key, 0]);
});

test('a restore wants the keys first and changes nothing without; with them it fills the database and all is as stored', async () => {
  const folder = newFolder();
  collector(world.url, 'old', 'backup', folder);
  expect(collector(undefined, 'nowhere', 'restore', folder, '--check')).toMatchObject({
    status: 0,
    stdout: expect.stringContaining('is whole'),
  });

  const refused = collector(target.url, 'new', 'restore', folder);
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringMatching(/keys that are not at hand: [0-9a-f]{8} \(1 secret\).*--key/) });
  expect(existsSync(join(world.folder, 'new'))).toBe(false);

  const restored = collector(target.url, 'new', 'restore', folder, '--key', keyOf('old'));
  expect(restored).toMatchObject({ status: 0, stdout: expect.stringMatching(/^Restored \d+ tables, .*; 1 week compared by hash\.\n/) });
  expect(readFileSync(keyOf('new'))).toEqual(readFileSync(keyOf('old')));
  expect(collector(target.url, 'new', 'rebuild', '--verify')).toMatchObject({ status: 0, stdout: '1 week: 1 as stored.\n' });
  expect(collector(target.url, 'new', 'keys', 'list')).toMatchObject({ status: 0 });

  expect(collector(target.url, 'new', 'restore', folder)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('The database is not empty'),
  });
  expect(collector(target.url, 'other', 'restore', folder, '--key', keyOf('old'))).toMatchObject({ status: 1 });
  expect(existsSync(keyOf('other'))).toBe(false);
});

test('looking for a database to back up makes none', () => {
  const folder = newFolder();
  expect(collector(undefined, 'nobody', 'backup', folder)).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('nothing to back up'),
  });
  expect([existsSync(join(world.folder, 'nobody')), existsSync(folder)]).toEqual([false, false]);
});
