import { createTestDatabase, type TestDatabase } from '@amc-reports/test-support/database.ts';
import { startTcpProxy, type TcpProxy } from '@amc-reports/test-support/tcp-proxy.ts';
import { readScoped } from './scope.ts';
import { withConnection } from './connection.ts';
import { openStore, type Store } from './store.ts';

/** Nobody tells us when the other end of a connection has vanished: only our own deadlines end the wait. */
let database: TestDatabase;
let proxy: TcpProxy;
let store: Store;
let direct: Store;

beforeEach(async () => {
  database = await createTestDatabase();
  const { hostname, port } = new URL(database.url);
  proxy = await startTcpProxy({ host: hostname, port: Number(port) });
  const url = new URL(database.url);
  url.hostname = '127.0.0.1';
  url.port = String(proxy.port);
  direct = await openStore(database.url);
  store = await openStore(url.href, { deadlineMs: 3_000 });
  await direct.pool.query('CREATE TABLE things (id int PRIMARY KEY); INSERT INTO things VALUES (1)');
});
afterEach(async () => {
  await proxy.close();
  await store.close();
  await direct.close();
  await database.drop();
});

test('a transaction whose connection vanishes ends by its deadline with nothing changed, and the next one has a new connection', async () => {
  proxy.behave({ vanishAfter: { text: 'INSERT' }, times: 1 });
  const lost = store.transaction((tx) => tx.query('INSERT INTO things VALUES (2)'));
  await expect(lost).rejects.toMatchObject({ code: 'database_unavailable', kind: 'transient' });
  expect(proxy.fired()).toBe(1);
  await store.transaction((tx) => tx.query('INSERT INTO things VALUES (3)'));
  expect((await direct.pool.query('SELECT id FROM things ORDER BY id')).rows).toEqual([{ id: 1 }, { id: 3 }]);
});

test('a connection on which cancelling brings no end is cut', async () => {
  proxy.behave({ vanishAfter: { text: 'SELECT 1' }, times: 1 });
  const stopping = new AbortController();
  const lost = withConnection(store.pool, stopping.signal, async (tx) => {
    const wait = tx.query('SELECT 1');
    stopping.abort(new Error('stopped'));
    await wait;
  });
  await expect(lost).rejects.toThrow('stopped');
  expect(proxy.fired()).toBe(1);
  expect((await store.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

test('a statement of the pool whose connection vanishes ends by its deadline', async () => {
  proxy.behave({ vanishAfter: { text: 'SELECT' }, times: 1 });
  await expect(store.pool.query('SELECT 1')).rejects.toThrow('Query read timeout');
  expect(proxy.fired()).toBe(1);
  expect((await store.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

test('locks of a transaction whose process vanished are given back by the database', async () => {
  proxy.behave({ vanishAfter: { text: 'nothing arrives from here' }, times: 1 });
  const lost = store.transaction(async (tx) => {
    await tx.query('UPDATE things SET id = 5');
    await tx.query('SELECT /* nothing arrives from here */ 1');
  });
  await expect(lost).rejects.toMatchObject({ code: 'database_unavailable' });
  // Waits for the row lock until the database has ended the other transaction.
  await direct.pool.query('UPDATE things SET id = 6 WHERE id = 1');
  expect((await direct.pool.query('SELECT id FROM things')).rows).toEqual([{ id: 6 }]);
});

test('a statement whose answer trickles in a byte at a time ends by its deadline', async () => {
  proxy.behave({ bytesPerSecond: 10 });
  await expect(store.pool.query('SELECT generate_series(1, 100)')).rejects.toThrow('Query read timeout');
  expect(proxy.fired()).toBeGreaterThan(0);
});

test('a read whose connection vanishes ends by its deadline, and the next one has a new connection', async () => {
  const read = (): Promise<unknown> => readScoped(store, [], async (tx) => (await tx.query('SELECT 1 AS one')).rows);
  proxy.behave({ vanishAfter: { text: 'COMMIT' }, times: 1 });
  await expect(read()).rejects.toMatchObject({ code: 'database_unavailable' });
  expect(proxy.fired()).toBe(1);
  expect(await read()).toEqual([{ one: 1 }]);
});
