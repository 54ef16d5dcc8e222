import { appendFile, chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@amc-reports/test-support/http/eventually.ts';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../embedded.ts';
import { openStore, type Store } from '../store.ts';
import { createAlarm } from '../../../ground/outbox/alarm.ts';
import { createLogger } from '../../../ground/telemetry/log.ts';

const QUICK = [0, 20, 20];
/** More than anybody waits for. */
const PATIENT = Array<number>(10_000).fill(20);

let root: string;
let postgres: EmbeddedPostgres | undefined;
let store: Store | undefined;
let givenUp: Error | undefined;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'amc-reports-supervised-'));
  await chmod(root, 0o755);
  givenUp = undefined;
});
afterEach(async () => {
  await store?.close();
  await postgres?.stop();
  [store, postgres] = [undefined, undefined];
  await rm(root, { recursive: true, force: true });
});

async function start(restartPauses: readonly number[]): Promise<EmbeddedPostgres> {
  postgres = await startEmbeddedPostgres({ dataDir: join(root, 'data'), restartPauses, onGivenUp: (reason) => (givenUp = reason) });
  return postgres;
}
const postmaster = async () => Number((await readFile(join(postgres!.directory, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0]);
const kill = async () => process.kill(await postmaster(), 'SIGKILL');
const settings = () => join(postgres!.directory, 'cluster', 'postgresql.auto.conf');
/** From now on it ends at every start, with a reason. */
const spoil = () => appendFile(settings(), 'no_such_setting = 1\n');
const stateName = () => postgres!.state().name;
const count = async () => (await store!.pool.query<{ count: number }>('SELECT count(*)::int AS count FROM kept')).rows[0]!.count;

test('a server that was killed is started again at the same address, as often as it takes, and what was committed is there', async () => {
  const { url, state } = await start(QUICK);
  store = await openStore(url);
  await store.pool.query('CREATE TABLE kept (a int)');
  for (const times of [1, 2, 3]) {
    await store.pool.query('INSERT INTO kept VALUES (1)');
    const pid = await postmaster();
    await kill();
    await eventually(async () => state().name === 'running' && (await postmaster().catch(() => pid)) !== pid);
    expect(await count()).toBe(times);
  }
  expect(givenUp).toBeUndefined();
});

test('pools and listeners find the server that was started again', async () => {
  const { url } = await start(QUICK);
  store = await openStore(url);
  const stop = new AbortController();
  const alarm = createAlarm(store.pool, createLogger('silent'));
  const listening = async () =>
    (await store!.pool.query<{ pid: number }>(`SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%'`).catch(() => undefined))
      ?.rows[0]?.pid;
  // As the worker does: asleep, again and again, until something rings.
  let rings = 0;
  const sleeping = (async () => {
    while (!stop.signal.aborted) {
      await alarm.sleep(500, stop.signal);
      rings++;
    }
  })();
  await eventually(async () => (await listening()) !== undefined);
  const before = await listening();
  await kill();
  await eventually(async () => ![undefined, before].includes(await listening()));
  stop.abort();
  await sleeping;
  alarm.stop();
  expect(rings).toBeGreaterThan(0);
});

test('what keeps it from starting is said, and once that is cured it runs', async () => {
  const { state, directory } = await start(PATIENT);
  const before = await readFile(settings(), 'utf8');
  await spoil();
  await kill();
  await eventually(async () => {
    const now = state();
    return now.name === 'restarting' && now.attempt >= 3;
  });
  expect(state()).toMatchObject({ attempts: PATIENT.length, diskFull: false });
  expect(await readFile(join(directory, 'postgres.log'), 'utf8')).toContain('no_such_setting');
  await writeFile(settings(), before);
  await eventually(async () => state().name === 'running');
  store = await openStore(postgres!.url);
});

test('when no start works it is given up, once, with PostgreSQL’s reason; stopping frees the directory', async () => {
  await start(QUICK);
  const before = await readFile(settings(), 'utf8');
  await spoil();
  await kill();
  await eventually(async () => stateName() === 'given up');
  expect(givenUp).toMatchObject({ code: 'database_unavailable', message: expect.stringMatching(/did not start: .*FATAL.*Its log is/) });
  await postgres!.stop();
  await writeFile(settings(), before);
  store = await openStore((await start(QUICK)).url);
});

test('a server that dies after each start is not started for ever', async () => {
  await start(QUICK);
  while (stateName() !== 'given up') {
    if (stateName() === 'running') await kill().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(givenUp).toMatchObject({ code: 'database_unavailable' });
});

test('a stop while it is being started again ends that too', async () => {
  await start([0, 600_000]);
  const before = await readFile(settings(), 'utf8');
  await spoil();
  await kill();
  await eventually(async () => {
    const state = postgres!.state();
    return state.name === 'restarting' && state.attempt === 2;
  });
  await postgres!.stop();
  await writeFile(settings(), before);
  store = await openStore((await start(QUICK)).url);
  expect(givenUp).toBeUndefined();
});
