import { eventually } from '@amc-reports/test-support/collect/bench.ts';
import { createTestDatabase } from '@amc-reports/test-support/database.ts';
import { pgBouncerAtHand, startPgBouncer, type PgBouncer } from '@amc-reports/test-support/pgbouncer.ts';
import { createWorld, type World } from '@amc-reports/test-support/query/query-fixture.ts';
import { campaignDay } from '@amc-reports/test-support/query/story-fixture.ts';
import type { MetricQueryInput } from '../../contract/query.ts';
import { createQueryCache } from '../../engine/query/index.ts';
import { createAlarm } from '../../ground/outbox/alarm.ts';
import { wakeWorkers } from '../../ground/outbox/announce.ts';
import { loadDatasets, SHIPPED_DATASETS } from '../catalogue/load.ts';
import { migrate } from './migrate.ts';
import { openStore, type Store } from './store.ts';

const run = pgBouncerAtHand ? describe : describe.skip;
const WEEK = '2026-03-02';
const logger = { warn: () => undefined } as never;

let world: World;
let direct: string;
let bouncer: PgBouncer;
let store: Store;

beforeAll(async () => {
  if (!pgBouncerAtHand) return;
  world = await createWorld({ Acme: 'UTC', Other: 'UTC' });
  for (const [index, name] of ['Acme', 'Other'].entries()) {
    await world.collect(name, 'campaign_performance', WEEK, WEEK);
    const facts = { spend: 10, sales: 20, impressions: 1_000, clicks: 3 + index, purchases: 1 };
    await world.serve(name, 'campaign_performance', WEEK, campaignDay(WEEK, 'Spring', 'USD', facts));
  }
  const url = new URL(process.env.TEST_POSTGRES_URL!);
  const { rows } = await world.store.pool.query<{ name: string }>('SELECT current_database() AS name');
  url.pathname = `/${rows[0]!.name}`;
  direct = url.href;
  bouncer = await startPgBouncer(direct, { mode: 'transaction', poolSize: 3 });
  store = await openStore(bouncer.through(direct), { directUrl: direct, maxConnections: 20, maxReaders: 10, logger });
});
afterAll(async () => {
  await store?.close();
  await bouncer?.close();
  await world?.close();
});

run('behind PgBouncer in transaction mode', () => {
  const QUESTIONS: MetricQueryInput[] = [
    { metrics: ['clicks', 'spend'], format: 'numeric' },
    { metrics: ['spend'], dimensions: ['campaign'], format: 'timeseries', grain: 'day' },
    { metrics: ['clicks'], dimensions: ['ad_product'], format: 'table' },
    { metrics: ['impressions'], format: 'timeseries', grain: 'week' },
  ];
  const answer = (over: Store, query: MetricQueryInput, instance: string) =>
    // A cache of its own: every question goes to the database.
    world.ask(query, WEEK, '2026-03-09', { instances: [instance], deps: { store: over, cache: createQueryCache() } });

  test('parallel questions, more than there are connections, are answered as without it, each within its scope', async () => {
    const asked = Array.from({ length: 80 }, (_, index) => ({
      query: QUESTIONS[index % QUESTIONS.length]!,
      instance: index % 3 === 0 ? 'Other' : 'Acme',
    }));
    const answers = await Promise.all(asked.map(({ query, instance }) => answer(store, query, instance)));
    const expected = new Map<string, unknown>();
    for (const { query, instance } of asked) expected.set(JSON.stringify([query, instance]), await answer(world.store, query, instance));
    expect(new Set([...expected.values()].map((each) => JSON.stringify(each))).size).toBeGreaterThan(QUESTIONS.length);
    for (const [index, { query, instance }] of asked.entries())
      expect(shown(answers[index])).toEqual(shown(expected.get(JSON.stringify([query, instance]))));
  });

  test('a transaction that is aborted is cancelled at the server, past the pooler, and nothing else is', async () => {
    await store.pool.query('CREATE TABLE notes (id int)');
    const stopping = new AbortController();
    const sleeping = store.transaction(
      async (tx) => {
        await tx.query('INSERT INTO notes VALUES (1)');
        await tx.query(`SELECT pg_sleep(300) /* aborted */`);
      },
      { signal: stopping.signal },
    );
    const other = store.transaction((tx) => tx.query(`SELECT pg_sleep(1) /* goes on */`));
    const asleep = async (what: string) =>
      (await world.store.pool.query(`SELECT FROM pg_stat_activity WHERE state = 'active' AND query LIKE $1`, [`SELECT pg_sleep%${what}%`]))
        .rowCount === 1;
    await eventually(async () => (await asleep('aborted')) && (await asleep('goes on')));
    stopping.abort(new Error('stopped'));
    await expect(sleeping).rejects.toThrow('stopped');
    await eventually(async () => !(await asleep('aborted')));
    expect((await other).rowCount).toBe(1);
    expect((await store.pool.query('SELECT FROM notes')).rowCount).toBe(0);
  });

  test('a sleeping worker hears what another process announces', async () => {
    const alarm = createAlarm(store.sessions, logger);
    const over = new AbortController();
    let woken = false;
    const slept = alarm.sleep(600_000, over.signal).then(() => (woken = true));
    // What is announced before it listens is lost on it.
    await eventually(async () => {
      await wakeWorkers(store.pool);
      return woken;
    });
    over.abort();
    await slept;
    alarm.stop();
  });

  test('migrations run over PostgreSQL’s own address', async () => {
    const empty = await createTestDatabase();
    const datasets = await loadDatasets([SHIPPED_DATASETS]);
    const behind = await openStore(bouncer.through(empty.url), { directUrl: empty.url });
    await Promise.all([1, 2].map(() => migrate({ pool: behind.sessions }, { datasets })));
    expect((await behind.pool.query('SELECT FROM datasets')).rowCount).toBe(datasets.length);
    await behind.close();
    await empty.drop();
  });
});

run('at the start', () => {
  const opening = async (url: string, directUrl?: string): Promise<void> => (await openStore(url, { directUrl, waitMs: 1 })).close();

  test('a pooler without PostgreSQL’s own address is refused, with what to set', async () => {
    await expect(opening(bouncer.through(direct))).rejects.toMatchObject({
      code: 'config_invalid',
      kind: 'terminal',
      message: expect.stringMatching(/connection pooler.*Set DATABASE_DIRECT_URL/),
    });
  });

  test('a pooler in transaction mode in the place of PostgreSQL’s own address is refused', async () => {
    await expect(opening(bouncer.through(direct), bouncer.through(direct))).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('DATABASE_DIRECT_URL leads to a pooler that lends connections by the transaction'),
    });
  });

  test('two addresses of two databases are refused', async () => {
    const other = await createTestDatabase();
    await expect(opening(bouncer.through(direct), other.url)).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('lead to different databases'),
    });
    await other.drop();
  });

  test('a pooler in session mode may be both', async () => {
    const keeping = await startPgBouncer(direct, { mode: 'session', poolSize: 20 });
    const url = keeping.through(direct);
    const behind = await openStore(url, { directUrl: url });
    await behind.transaction((tx) => tx.query('SELECT 1'));
    expect((await behind.pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await behind.close();
    await keeping.close();
  });
});

/** Without what tells when and how it was answered. */
const shown = (frames: unknown): unknown =>
  JSON.parse(JSON.stringify(frames, (key, value: unknown) => (key === 'executedQueryString' || key === 'durationMs' ? undefined : value)));
