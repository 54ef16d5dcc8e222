import { connectionLimiter } from './throttle.ts';
import { takeToken, slowDown } from './statements/bucket.ts';
import { createCollectDatabase, insertInstance, type CollectDatabase } from '@amc-reports/test-support/collect/database.ts';

let database: CollectDatabase;
let connectionId: string;
beforeAll(async () => {
  database = await createCollectDatabase();
});
afterAll(() => database.drop());
let made = 0;
beforeEach(async () => {
  connectionId = (await insertInstance(database, { amcInstanceId: `amc${++made}` })).connectionId;
});

/** Time that as good as stands still, so that what comes back meanwhile is nothing, however long a test takes. */
const STILL = 1e-9;
const take = () => takeToken(database.store.pool, connectionId, STILL);
const bucket = async () =>
  (
    await database.store.pool.query<{ rate: number; tokens: number }>(
      'SELECT bucket_rate AS rate, bucket_tokens AS tokens FROM connections WHERE id = $1',
      [connectionId],
    )
  ).rows[0]!;
const backdate = (seconds: number) =>
  database.store.pool.query(
    `UPDATE connections SET bucket_at = bucket_at - $2::float8 * interval '1 s', bucket_rests_until = bucket_rests_until - $2::float8 * interval '1 s'
     WHERE id = $1`,
    [connectionId, seconds],
  );
/** Milliseconds by the database's clock. */
const now = async () =>
  (await database.store.pool.query<{ ms: number }>('SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms')).rows[0]!.ms;

test('lets a burst through, then makes every further request wait its turn', async () => {
  const waits: number[] = [];
  for (let request = 0; request < 14; request++) waits.push(await take());
  expect(waits.map((wait) => Math.round((wait * STILL) / 100))).toEqual([...Array<number>(10).fill(0), 1, 2, 3, 4]);
});

test('is one bucket for all processes: simultaneous requests each get a place of their own', async () => {
  const waits = await Promise.all(Array.from({ length: 30 }, take));
  expect((await bucket()).tokens).toBeCloseTo(10 - 30);
  const places = waits.filter((wait) => wait > 0).map((wait) => Math.round((wait * STILL) / 100));
  expect(places.sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
});

test('each complaint halves the rate down to a floor, and time brings it back', async () => {
  const limiter = connectionLimiter(database.store.pool, connectionId, { timeFactor: STILL });
  await limiter.throttled();
  expect((await bucket()).rate).toBeCloseTo(5);
  await limiter.throttled();
  expect((await bucket()).rate).toBeCloseTo(2.5);
  for (let complaint = 0; complaint < 10; complaint++) await limiter.throttled();
  expect((await bucket()).rate).toBeCloseTo(0.2);
  await backdate(3600);
  await takeToken(database.store.pool, connectionId, 1);
  expect((await bucket()).rate).toBe(10);
});

test('stays away for as long as Retry-After says, whatever the time factor', async () => {
  for (const timeFactor of [1, 600]) {
    const before = await now();
    await slowDown(database.store.pool, connectionId, timeFactor, 30_000);
    const asked = await now();
    const wait = await takeToken(database.store.pool, connectionId, timeFactor);
    expect((await now()) + wait).toBeGreaterThanOrEqual(before + 30_000);
    // And the one token that is taken, at half the rate.
    expect(wait).toBeLessThanOrEqual(asked - before + 30_000 + 1_000 / 5);
    await backdate(3600);
    await takeToken(database.store.pool, connectionId, 1);
  }
});

test.each([1, 10])('whoever comes late in that time, after %i complaints, waits for the rest of it and not less', async (complaints) => {
  let asked = 0;
  for (let each = 0; each < complaints; each++) {
    asked = await now();
    await slowDown(database.store.pool, connectionId, 1, 20_000);
  }
  // As if five, then fifteen of the twenty seconds had passed: the rate has recovered a little by then.
  for (const seconds of [5, 10]) {
    await backdate(seconds);
    asked -= seconds * 1_000;
    const wait = await takeToken(database.store.pool, connectionId, 1);
    expect((await now()) + wait).toBeGreaterThanOrEqual(asked + 20_000);
  }
});

test('gives up waiting when the signal aborts', async () => {
  const limiter = connectionLimiter(database.store.pool, connectionId);
  await limiter.throttled(60_000);
  const abort = new AbortController();
  const waiting = limiter.acquire(abort.signal);
  setTimeout(() => abort.abort(new Error('enough')), 50);
  await expect(waiting).rejects.toThrow();
  await expect(limiter.acquire(abort.signal)).rejects.toThrow('enough');
});
