import { createServer } from 'node:net';
import pg from 'pg';
import { createTestDatabase, type TestDatabase } from '@amc-reports/test-support/database.ts';
import { openStore, type Store } from './store.ts';

let database: TestDatabase;
let store: Store;
beforeAll(async () => {
  database = await createTestDatabase();
  store = await openStore(database.url, { maxConnections: 4 });
  await store.pool.query('CREATE TABLE notes (id int PRIMARY KEY, text text NOT NULL)');
});
afterAll(async () => {
  await store.close();
  await database.drop();
});
beforeEach(() => store.pool.query('TRUNCATE notes'));

const notes = async (): Promise<number> => (await store.pool.query('SELECT FROM notes')).rowCount ?? 0;

test('a transaction keeps all of what it did, or nothing', async () => {
  await store.transaction((tx) => tx.query(`INSERT INTO notes VALUES (1, 'kept')`));
  await expect(
    store.transaction(async (tx) => {
      await tx.query(`INSERT INTO notes VALUES (2, 'lost')`);
      throw new Error('changed my mind');
    }),
  ).rejects.toThrow('changed my mind');
  expect(await notes()).toBe(1);
});

test('a deadlock is run again until it succeeds', async () => {
  await store.pool.query(`INSERT INTO notes VALUES (1, ''), (2, '')`);
  const append = (id: number, text: string) => ({ text: 'UPDATE notes SET text = text || $2 WHERE id = $1', values: [id, text] });
  let waiting = 2;
  let bothHold: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (bothHold = resolve));
  let runs = 0;
  const crossing = (first: number, second: number, text: string): Promise<void> =>
    store.transaction(async (tx) => {
      runs++;
      await tx.query(append(first, text));
      if (--waiting <= 0) bothHold();
      await held;
      await tx.query(append(second, text));
    });
  await Promise.all([crossing(1, 2, 'a'), crossing(2, 1, 'b')]);
  expect(runs).toBeGreaterThan(2);
  const { rows } = await store.pool.query<{ text: string }>('SELECT text FROM notes');
  for (const { text } of rows) expect([...text].sort().join('')).toBe('ab');
});

test('a serialization failure that does not go away becomes a conflict to try later', async () => {
  let runs = 0;
  const failing = store.transaction(
    async (tx) => {
      runs++;
      await tx.query(`DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '40001'; END $$`);
    },
    { retries: 2 },
  );
  await expect(failing).rejects.toMatchObject({ code: 'conflict', kind: 'transient' });
  expect(runs).toBe(3);
});

test.each([
  ['53100', 'disk_full', 'free some space'],
  ['57014', 'timed_out', 'took too long'],
  ['53300', 'database_unavailable', 'max_connections'],
  ['55P03', 'conflict', 'try again'],
])('error %s arrives as %s with a sentence that says what to do', async (state, code, says) => {
  const failing = store.transaction((tx) => tx.query(`DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '${state}'; END $$`));
  await expect(failing).rejects.toMatchObject({ code, kind: 'transient', message: expect.stringContaining(says) });
});

test('a connection that the server closes is reported as such, and the next transaction has a new one', async () => {
  const dropped = store.transaction(async (tx) => {
    await tx.query(`INSERT INTO notes VALUES (1, 'lost')`);
    await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
  });
  await expect(dropped).rejects.toMatchObject({ code: 'database_unavailable', kind: 'transient' });
  await store.transaction((tx) => tx.query(`INSERT INTO notes VALUES (2, 'kept')`));
  expect(await notes()).toBe(1);
});

test('a server that dies in the moment in which a connection is lent, before anybody listens to it, ends no process', async () => {
  const fresh = await openStore(database.url, { maxConnections: 1 });
  const lent = await fresh.pool.connect();
  expect(() => lent.emit('error', new Error('terminating connection due to unexpected postmaster exit'))).not.toThrow();
  lent.release(true);
  await fresh.close();
});

test('aborting cancels the running statement and rolls back, on a connection that is used again', async () => {
  const single = await openStore(database.url, { maxConnections: 1 });
  const backend = async (): Promise<{ pid: number }> =>
    (await single.pool.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!;
  // A cancel that comes before the statement has begun has nothing to cancel.
  const asleep = async (pid: number): Promise<void> => {
    const state = `SELECT 1 FROM pg_stat_activity WHERE pid = $1 AND state = 'active' AND wait_event = 'PgSleep'`;
    while ((await store.pool.query(state, [pid])).rows.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const before = await backend();
  const stopping = new AbortController();
  const sleeping = single.transaction(
    async (tx) => {
      await tx.query(`INSERT INTO notes VALUES (1, 'lost')`);
      const wait = tx.query('SELECT pg_sleep(300)');
      await asleep(before.pid);
      stopping.abort(new Error('stopped'));
      await wait;
    },
    { signal: stopping.signal },
  );
  await expect(sleeping).rejects.toThrow('stopped');
  // Where the server could not be told which of its processes to cancel, the connection would have been cut.
  expect(await backend()).toEqual(before);
  expect(await notes()).toBe(0);
  await single.close();
});

test('after an abort has been asked for nothing begins', async () => {
  let ran = false;
  const late = store.transaction(async () => void (ran = true), { signal: AbortSignal.abort(new Error('stopped')) });
  await expect(late).rejects.toThrow('stopped');
  expect(ran).toBe(false);
});

test('a database that is not there is waited for with a message, then given up', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  const messages: unknown[] = [];
  const logger = { warn: (_fields: unknown, message: string) => messages.push(message) } as never;
  const opening = openStore(`postgres://someone:hidden@127.0.0.1:${port}/none`, { waitMs: 1, logger });
  await expect(opening).rejects.toMatchObject({
    code: 'database_unavailable',
    kind: 'transient',
    message: expect.stringContaining(`127.0.0.1:${port}/none`),
  });
  await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining('hidden') });
  expect(messages).toEqual([expect.stringContaining('Waiting for the database')]);
});

test('a database whose name cannot be resolved is reported with its name', async () => {
  await expect(openStore('postgres://u:p@no-such-host.invalid:5432/x', { waitMs: 100 })).rejects.toMatchObject({
    code: 'database_unavailable',
    message: expect.stringContaining('no-such-host.invalid'),
  });
});

test('a database that refuses the login is not waited for', async () => {
  const url = new URL(database.url);
  url.pathname = '/no_such_database';
  await expect(openStore(url.href)).rejects.toMatchObject({
    code: 'database_unavailable',
    kind: 'terminal',
    message: expect.stringContaining('no_such_database'),
  });
});

test('a PostgreSQL older than 16 is refused with its version', async () => {
  // As a login whose search path finds another current_setting first: the server then looks old.
  const admin = new pg.Client(database.url);
  await admin.connect();
  await admin.query(
    `CREATE SCHEMA old; CREATE FUNCTION old.current_setting(text) RETURNS text LANGUAGE sql AS $$ SELECT CASE $1 WHEN 'server_version_num' THEN '150004' ELSE '15.4' END $$`,
  );
  await admin.end();
  const opening = openStore(`${database.url}?options=${encodeURIComponent('-c search_path=old,pg_catalog,public')}`);
  await expect(opening).rejects.toMatchObject({ code: 'database_too_old', message: expect.stringMatching(/15\.4; version 16 or newer/) });
});
