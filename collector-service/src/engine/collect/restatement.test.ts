import { addDays, newestCompleteWeek } from '../../ground/calendar/week.ts';
import { retryWeek } from './collections/retry-week.ts';
import { createCollection } from './collections/create.ts';
import { createTestBench, eventually, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { createTestCollector } from '@amc-reports/test-support/collect/collector.ts';
import { SILENT } from '@amc-reports/test-support/collect/database.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';
import { runWorker } from './worker.ts';
import { testContext } from '@amc-reports/test-support/collect/context.ts';

/** Amazon's ordinary behaviour must not ask a person anything: weeks that grow while attribution closes, and end as final. */
const WEEKS = 6;
const DAY_MS = 86_400_000;
let sandbox: TestSandbox;
let bench: TestBench;
let days = 0;

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: 80 });
  bench = await createTestBench(sandbox);
});
afterAll(async () => {
  await bench.drop();
  await sandbox.close();
});

const clock = (): Date => new Date(Date.now() + days * DAY_MS);
const openRuns = async (): Promise<number> =>
  (
    await bench.query<{ n: number }>(`SELECT count(*)::int AS n FROM week_runs WHERE state NOT IN ('done', 'held', 'failed', 'skipped')`)
  )[0]!.n;

/** Works until nothing is left to do, with the calendar moved on. */
async function work(): Promise<void> {
  const collector = await createTestCollector(bench.database.store, bench.database.catalogue, SILENT);
  const stop = new AbortController();
  const running = runWorker({ ...collector.deps, clock }, stop.signal);
  try {
    await eventually(async () => (await openRuns()) === 0);
  } finally {
    stop.abort();
    await running;
    await collector.close();
  }
}

test('weeks collected again at every age are restated and never held, and nothing is noted of them', async () => {
  const lastWeek = newestCompleteWeek(new Date(), 'America/Los_Angeles');
  const weeks = Array.from({ length: WEEKS }, (_, index) => addDays(lastWeek, -7 * index));
  const ids: string[] = [];
  for (const dataset of ['campaign_performance', 'reach_frequency']) {
    const wanted = { instance: 'amcsandbox1', dataset, firstWeek: weeks.at(-1)!, lastWeek };
    const collection = await createCollection(testContext(bench.database, { clock }), wanted);
    ids.push(collection.id);
  }
  await work();
  for (const advanceDays of [10, 25, 40]) {
    await sandbox.post('clock', { advanceDays });
    days += advanceDays;
    for (const id of ids) for (const week of weeks) await retryWeek(testContext(bench.database, { clock }), { id, week });
    await work();
  }
  expect(await bench.query('SELECT week::text, dataset, objections FROM held_runs')).toEqual([]);
  expect(await bench.query(`SELECT state, notes, count(*)::int AS runs FROM week_runs GROUP BY 1, 2`)).toEqual([
    { state: 'done', notes: [], runs: 4 * 2 * WEEKS },
  ]);
  const restated = await bench.query<{ runs: number }>('SELECT count(*)::int AS runs FROM week_revisions WHERE totals_before IS NOT NULL');
  expect(restated[0]!.runs).toBeGreaterThan(WEEKS);
}, 400_000);
