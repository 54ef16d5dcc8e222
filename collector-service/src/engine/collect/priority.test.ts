import { retryWeek } from './collections/retry-week.ts';
import { TEST_SETTINGS } from '@amc-reports/test-support/collect/collector.ts';
import { createTestBench, SETTLED_HISTORY_DAYS, settledWeek, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';

/** How many times as long that week takes. */
const SLOW = 10_000;
let sandbox: TestSandbox;
let bench: TestBench;

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: SETTLED_HISTORY_DAYS });
  bench = await createTestBench(sandbox);
});
afterAll(async () => {
  await bench.drop();
  await sandbox.close();
});

test('of several backfills the first is whole before the next begins, whatever the age of its weeks', async () => {
  const own = await createTestBench(sandbox);
  const first = await own.collect(3, 'reach_frequency');
  const second = await own.collect(3);
  await own.work(async () => (await own.detail(second.id)).state === 'complete', { instanceLimit: 1, apiSteps: 1 });
  const bought = await own.query<{ collection: string }>('SELECT collection_id AS collection FROM week_runs ORDER BY create_attempted_at');
  expect(bought.map(({ collection }) => collection)).toEqual([first, first, first, second, second, second].map(({ id }) => id));
  // Once the line is empty, the next one is the first again.
  const { id } = await own.collect(2, 'reach_frequency_4_weeks');
  expect(await own.query('SELECT DISTINCT priority FROM week_runs WHERE collection_id = $1', id)).toEqual([{ priority: 100 }]);
  await own.drop();
});

test('a person’s retry overtakes a schedule’s week, which overtakes a backfill under way; the backfill goes by age', async () => {
  const { id } = await bench.collect(6);
  await bench.skipValidation(id);
  await bench.query('UPDATE week_runs SET priority = 50 WHERE week = $1', settledWeek(4));
  await retryWeek(bench.ctx, { id, week: settledWeek(5) });
  // The first week of the backfill runs at Amazon until the person has asked.
  await sandbox.addFault({ name: 'slow-execution', factor: SLOW, match: { windowStart: settledWeek(0) } });
  const alone = { instanceLimit: 1, apiSteps: 1 };
  await bench.work(async () => {
    const { weeks } = await bench.detail(id);
    return weeks.done === 2 && weeks.running === 1;
  }, alone);
  await retryWeek(bench.ctx, { id, week: settledWeek(4) });
  await sandbox.post('clock', { timeFactor: SLOW * TEST_SETTINGS.timeFactor });
  await bench.work(async () => (await bench.detail(id)).state === 'complete', alone);
  const bought = await bench.query<{ week: string }>('SELECT week::text AS week FROM week_runs ORDER BY create_attempted_at');
  const order = bought.map(({ week }) => [0, 1, 2, 3, 4, 5].find((index) => settledWeek(index) === week));
  expect(order).toEqual([5, 4, 0, 4, 1, 2, 3]);
});
