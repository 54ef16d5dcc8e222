import { retryWeek } from './collections/retry-week.ts';
import { createTestBench, SETTLED_HISTORY_DAYS, settledWeek, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';

let sandbox: TestSandbox;
let bench: TestBench;

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: SETTLED_HISTORY_DAYS });
  bench = await createTestBench(sandbox);
}, 120_000);
afterAll(async () => {
  await bench.drop();
  await sandbox.close();
});

test('a person’s retry overtakes a schedule’s week, which overtakes a backfill under way; the backfill goes by age', async () => {
  const { id } = await bench.collect(6);
  await bench.skipValidation(id);
  await bench.query('UPDATE week_runs SET priority = 50 WHERE week = $1', settledWeek(4));
  await retryWeek(bench.ctx, { id, week: settledWeek(5) });
  await bench.work(async () => (await bench.detail(id)).weeks.done === 3, { instanceLimit: 1, apiSteps: 1 });
  await retryWeek(bench.ctx, { id, week: settledWeek(4) });
  await bench.work(async () => (await bench.detail(id)).state === 'complete', { instanceLimit: 1, apiSteps: 1 });
  const bought = await bench.query<{ week: string }>('SELECT week::text AS week FROM week_runs ORDER BY create_attempted_at');
  const order = bought.map(({ week }) => [0, 1, 2, 3, 4, 5].find((index) => settledWeek(index) === week));
  expect(order.slice(0, 3)).toEqual([5, 4, 0]);
  expect(order.filter((index) => index !== 4 && index !== 5)).toEqual([0, 1, 2, 3]);
  // At most the week that was being bought when the person asked lies before theirs.
  expect(order.lastIndexOf(4)).toBeLessThanOrEqual(4);
  expect(order).toHaveLength(7);
});
