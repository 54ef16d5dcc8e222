import { createCollectDatabase, insertInstance, type CollectDatabase } from '@amc-reports/test-support/collect/database.ts';
import { createCollection } from './collections/create.ts';
import { nextDueMs } from './statements/next-due.ts';
import { testContext } from '@amc-reports/test-support/collect/context.ts';

let database: CollectDatabase;
beforeAll(async () => {
  database = await createCollectDatabase();
  await insertInstance(database, { amcInstanceId: 'amc1' });
  await createCollection(testContext(database), { instance: 'amc1', dataset: 'campaign_performance', weeks: 1 });
  await database.store.pool.query('UPDATE report_data_collections SET validated_at = now()');
});
afterAll(() => database.drop());

const due = (sinceMs: number) => nextDueMs(database.store.pool, sinceMs);
const setRun = (change: string) => database.store.pool.query(`UPDATE week_runs SET ${change}`);

test('what becomes due later is waited for', async () => {
  await setRun(`state = 'planned', not_before = now() + interval '1 hour'`);
  expect(await due(0)).toBeGreaterThan(3_000_000);
  await setRun(`state = 'running', not_before = now(), lease_until = now() + interval '30 min'`);
  expect(await due(0)).toBeLessThan(1_800_001);
});

test('what became due while the caller was looking for work is not slept over', async () => {
  await setRun(`state = 'running', not_before = now() - interval '100 ms', lease_until = NULL`);
  expect(await due(600_000)).toBeLessThanOrEqual(0);
  await setRun(`state = 'planned', not_before = now() - interval '100 ms'`);
  expect(await due(600_000)).toBeLessThanOrEqual(0);
});

test('what was ready before the look and was not taken waits for a slot or a person, which is announced', async () => {
  await setRun(`state = 'downloading', not_before = now() - interval '10 s', lease_until = NULL`);
  expect(await due(1_000)).toBeNull();
});
