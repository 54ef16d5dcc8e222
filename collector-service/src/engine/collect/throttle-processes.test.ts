import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createCollectDatabase, insertInstance, type CollectDatabase } from '@amc-reports/test-support/collect/database.ts';

const PROCESSES = 3;
const TAKES = 40;
let database: CollectDatabase;
beforeAll(async () => {
  database = await createCollectDatabase();
});
afterAll(() => database.drop());

async function drain(connectionId: string, takes: number, complaints: number): Promise<void> {
  const children = Array.from({ length: PROCESSES }, () =>
    spawn(
      process.execPath,
      [join(__dirname, '../../../../test-support/collect/take-tokens.ts'), database.url, connectionId, String(takes), String(complaints)],
      {
        env: { ...process.env, NODE_OPTIONS: '' },
        stdio: ['ignore', 'ignore', 'inherit'],
      },
    ),
  );
  const exits = await Promise.all(children.map((child) => once(child, 'exit')));
  expect(exits.map(([code]) => code as unknown)).toEqual(children.map(() => 0));
}
const bucket = async (id: string) =>
  (
    await database.store.pool.query<{ rate: number; tokens: number; at: number }>(
      'SELECT bucket_rate AS rate, bucket_tokens AS tokens, extract(epoch FROM bucket_at)::float8 AS at FROM connections WHERE id = $1',
      [id],
    )
  ).rows[0]!;

test('every token that three processes take is missing from the one bucket: no request is let through twice', async () => {
  const { connectionId } = await insertInstance(database, { amcInstanceId: 'amc1' });
  const before = await bucket(connectionId);
  await drain(connectionId, TAKES, 0);
  const after = await bucket(connectionId);
  const refilled = (after.at - before.at) * 10;
  expect(after.tokens).toBeLessThanOrEqual(before.tokens - PROCESSES * TAKES + refilled + 0.01);
});

test('every complaint that any process hears halves the rate of all', async () => {
  const { connectionId } = await insertInstance(database, { amcInstanceId: 'amc2' });
  await drain(connectionId, 0, 1);
  // Three halvings of 10, and what came back meanwhile: a twentieth a second.
  const { rate, at } = await bucket(connectionId);
  const created = await database.store.pool.query<{ at: number }>(
    'SELECT extract(epoch FROM created_at)::float8 AS at FROM connections WHERE id = $1',
    [connectionId],
  );
  expect(rate).toBeGreaterThanOrEqual(10 / 2 ** PROCESSES);
  expect(rate).toBeLessThanOrEqual(10 / 2 ** PROCESSES + 0.05 * (at - created.rows[0]!.at));
});
