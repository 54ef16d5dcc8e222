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

const take = () => takeToken(database.store.pool, connectionId, 1);
const bucket = async () =>
  (
    await database.store.pool.query<{ rate: number; tokens: number }>(
      'SELECT bucket_rate AS rate, bucket_tokens AS tokens FROM connections WHERE id = $1',
      [connectionId],
    )
  ).rows[0]!;
const backdate = (seconds: number) =>
  database.store.pool.query(`UPDATE connections SET bucket_at = bucket_at - $2::float8 * interval '1 s' WHERE id = $1`, [
    connectionId,
    seconds,
  ]);

test('lets a burst through, then makes every further request wait its turn', async () => {
  const waits: number[] = [];
  for (let request = 0; request < 14; request++) waits.push(await take());
  expect(waits.slice(0, 10).every((wait) => wait === 0)).toBe(true);
  const queued = waits.filter((wait) => wait > 0);
  expect(queued.length).toBeGreaterThan(0);
  expect(queued).toEqual([...queued].sort((a, b) => a - b));
});

test('is one bucket for all processes: simultaneous requests each get a place of their own', async () => {
  const begun = performance.now();
  const waits = await Promise.all(Array.from({ length: 30 }, take));
  const seconds = (performance.now() - begun) / 1000;
  // Of a full bucket of ten every request took one token, and no more came back than the time allows, however long it took.
  expect((await bucket()).tokens).toBeLessThanOrEqual(10 - 30 + 10 * seconds);
  const queued = waits.filter((wait) => wait > 0);
  expect(queued.length).toBeGreaterThanOrEqual(Math.floor(20 - 10 * seconds));
  expect(new Set(queued).size).toBe(queued.length);
});

test('each complaint halves the rate down to a floor, and time brings it back', async () => {
  const limiter = connectionLimiter(database.store.pool, connectionId);
  await limiter.throttled();
  expect((await bucket()).rate).toBeCloseTo(5, 1);
  await limiter.throttled();
  expect((await bucket()).rate).toBeCloseTo(2.5, 1);
  for (let complaint = 0; complaint < 10; complaint++) await limiter.throttled();
  expect((await bucket()).rate).toBeCloseTo(0.2, 1);
  await backdate(3600);
  await take();
  expect((await bucket()).rate).toBe(10);
});

test('stays away for as long as Retry-After says, whatever the time factor', async () => {
  for (const timeFactor of [1, 600]) {
    await slowDown(database.store.pool, connectionId, timeFactor, 30_000);
    const wait = await takeToken(database.store.pool, connectionId, timeFactor);
    expect(wait).toBeGreaterThan(29_000);
    expect(wait).toBeLessThan(36_000);
    await backdate(3600);
    await take();
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
