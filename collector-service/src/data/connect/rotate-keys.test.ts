import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../store/migrate.ts';
import { openStore, type Store } from '../store/store.ts';
import { createTestDatabase, type TestDatabase } from '@amc-reports/test-support/database.ts';
import { readConnection, saveConnection } from './connections.ts';
import { readGrafanaToken, saveGrafanaAccess } from './grafana-token.ts';
import { addKeyToFile, Keyring, openKeyring } from './keyring.ts';
import { listKeys, rotateKeys, type Rotated } from './rotate-keys.ts';
import { Secret } from '../../ground/secret.ts';

const CONNECTIONS = 120;
let database: TestDatabase;
let store: Store;
let workspaceId: string;
let record: Rotated[];

const [oldKey, newKey] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];
const before = Keyring.parse(oldKey, 'test');
const both = Keyring.parse(`${newKey},${oldKey}`, 'test');
const after = Keyring.parse(newKey, 'test');
const never = new AbortController().signal;
const rotate = (keyring = both, signal = never) => rotateKeys(store, keyring, async (_tx, rotated) => void record.push(rotated), signal);
const connectionIds = async () =>
  (await store.pool.query<{ id: string }>('SELECT c.id::text AS id FROM connections c ORDER BY c.id')).rows.map(({ id }) => id);

beforeEach(async () => {
  record = [];
  database = await createTestDatabase();
  store = await openStore(database.url);
  await migrate(store, { datasets: [] });
  const { rows } = await store.pool.query<{ id: string }>(`INSERT INTO workspaces (name) VALUES ('one') RETURNING id::text`);
  workspaceId = rows[0]!.id;
  await store.transaction(async (tx) => {
    for (let index = 1; index <= CONNECTIONS; index++)
      await saveConnection(tx, before, workspaceId, {
        name: `c${index}`,
        apiUrl: 'http://a',
        tokenUrl: 'http://t',
        clientId: 'id',
        clientSecret: new Secret(`secret ${index}`),
        refreshToken: new Secret(`refresh ${index}`),
      });
    await saveGrafanaAccess(tx, before, workspaceId, { apiUrl: 'http://g', token: new Secret('glsa_x') });
  });
});
afterEach(async () => {
  await store.close();
  await database.drop();
});

test('everything is encrypted anew in batches, each on record, and the old key is not needed any more', async () => {
  expect(await listKeys(store.pool, both)).toEqual([
    { id: after.current.id, secrets: 0, role: 'current' },
    { id: before.current.id, secrets: CONNECTIONS + 1, role: 'older' },
  ]);
  expect(await rotate()).toEqual({ rotated: CONNECTIONS + 1, broken: [] });
  expect(record).toHaveLength(CONNECTIONS + 1);
  expect(new Set(record.map(({ subject }) => subject)).size).toBe(CONNECTIONS + 1);
  const ids = await connectionIds();
  for (const [index, id] of ids.entries())
    expect((await readConnection(store.pool, after, id)).secrets.clientSecret.reveal()).toBe(`secret ${index + 1}`);
  expect((await readGrafanaToken(store.pool, after, workspaceId))!.reveal()).toBe('glsa_x');
  expect(await listKeys(store.pool, after)).toEqual([{ id: after.current.id, secrets: CONNECTIONS + 1, role: 'current' }]);
  expect(await rotate()).toEqual({ rotated: 0, broken: [] });
});

test('interrupted, everything opens with both keys, and the next run does the rest', async () => {
  const stop = new AbortController();
  const interrupted = rotateKeys(
    store,
    both,
    async (_tx, rotated) => {
      record.push(rotated);
      if (record.length === 70) stop.abort(new Error('enough'));
    },
    stop.signal,
  );
  await expect(interrupted).rejects.toThrow('enough');
  const done = record.length;
  expect(done).toBe(100);
  for (const id of await connectionIds()) await readConnection(store.pool, both, id);
  record = [];
  expect(await rotate()).toEqual({ rotated: CONNECTIONS + 1 - done, broken: [] });
});

test('a batch that fails changes nothing of its own', async () => {
  const failing = rotateKeys(
    store,
    both,
    async () => {
      if (++record.length === 70) throw new Error('no record');
    },
    never,
  );
  await expect(failing).rejects.toThrow('no record');
  expect(await listKeys(store.pool, both)).toMatchObject([{ secrets: 50 }, { secrets: CONNECTIONS + 1 - 50 }]);
});

test('what does not open is left as it is and told, the rest goes on', async () => {
  const [first, second] = await connectionIds();
  await store.pool.query(`UPDATE connections SET secret_ciphertext = secret_ciphertext || '\\x00' WHERE id = $1`, [first]);
  await store.pool.query(`UPDATE connections SET secret_key_id = 'deadbeef' WHERE id = $1`, [second]);
  expect(await rotate()).toEqual({ rotated: CONNECTIONS - 1, broken: ['connection c1', 'connection c2'] });
  expect(await listKeys(store.pool, both)).toEqual([
    { id: after.current.id, secrets: CONNECTIONS - 1, role: 'current' },
    { id: before.current.id, secrets: 1, role: 'older' },
    { id: 'deadbeef', secrets: 1, role: 'missing' },
  ]);
});

test('a process that runs finds a key that was added to the key file, and the file stays its owner’s', async () => {
  const keyFile = join(await mkdtemp(join(tmpdir(), 'keys-')), 'encryption.key');
  const running = await openKeyring({ keyFile });
  const [id] = await connectionIds();
  await store.transaction((tx) =>
    saveConnection(tx, running, workspaceId, {
      name: 'c1',
      apiUrl: 'http://a',
      tokenUrl: 'http://t',
      clientId: 'id',
      clientSecret: new Secret('again'),
      refreshToken: new Secret('again'),
    }),
  );
  const old = running.current.id;
  await addKeyToFile(keyFile);
  const rotated = await openKeyring({ keyFile });
  expect([rotated.current.id === old, rotated.ids.includes(old), rotated.ids.length]).toEqual([false, true, 2]);
  await rotate(rotated);
  expect((await readConnection(store.pool, running, id!)).secrets.clientSecret.reveal()).toBe('again');
  expect(((await stat(keyFile)).mode & 0o777).toString(8)).toBe('600');
  expect(await readFile(keyFile, 'utf8')).toMatch(/^\S{44},\n\S{44}\n$/);
});
