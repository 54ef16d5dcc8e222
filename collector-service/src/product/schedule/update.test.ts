import { addDays, newestCompleteWeek } from '../../ground/calendar/week.ts';
import { createCollection } from '../../engine/collect/collections/create.ts';
import { createTestBench, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';
import { createSchedule } from './create.ts';
import { scheduleHistory } from './read.ts';
import { runScheduler } from './scheduler.ts';

const ZONE = 'America/Los_Angeles';
const DAY_MS = 86_400_000;
let sandbox: TestSandbox;
let bench: TestBench;

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: 45 });
  bench = await createTestBench(sandbox);
});
afterAll(async () => {
  await bench.drop();
  await sandbox.close();
});

/** What the seller sold: how often each week was bought, and with which query. */
const purchases = async () =>
  Object.fromEntries((await sandbox.stats()).purchases.map(({ timeWindowStart, creates }) => [timeWindowStart.slice(0, 10), creates]));
const queries = async () => new Set((await sandbox.stats()).purchases.map(({ workflowId }) => workflowId));

test('a week later the schedule adds the newest week and collects the ones before again, with the very same query', async () => {
  const calendar = { now: new Date() };
  const ctx = { ...bench.ctx, clock: () => calendar.now, timeFactor: 400 };
  const newest = newestCompleteWeek(calendar.now, ZONE);
  const [older, old] = [addDays(newest, -14), addDays(newest, -7)];
  const collection = await createCollection(ctx, {
    instance: 'amcsandbox1',
    dataset: 'campaign_performance',
    firstWeek: older,
    lastWeek: newest,
  });
  const isDone = (weeks: number) => async () =>
    (await bench.detail(collection.id)).weekList.filter(({ state }) => state === 'done').length === weeks;
  await bench.work(isDone(3));
  const sql = () => bench.query('SELECT workflow_id, sql_text FROM report_data_collections WHERE id = $1', collection.id);
  const before = { sql: await sql(), queries: await queries() };
  expect(before.queries.size).toBe(1);

  await sandbox.post('clock', { advanceDays: 7 });
  calendar.now = new Date(calendar.now.getTime() + 7 * DAY_MS);
  const { id } = await createSchedule(ctx, { name: 'Weekly', template: 'weekly', restateWeeks: 2, collections: [collection.id] });
  await bench.query(`UPDATE schedules SET next_at = date_trunc('minute', now())`);
  const stop = new AbortController();
  const scheduling = runScheduler(ctx, stop.signal);
  const done = async () => (await scheduleHistory(ctx, { id, limit: 1 })).ticks[0]?.collections[0]?.runs.done === 3;
  await bench.work(done, {}, ctx.clock);
  stop.abort();
  await scheduling;

  const added = addDays(newest, 7);
  expect(await purchases()).toEqual({ [older]: 1, [old]: 2, [newest]: 2, [added]: 1 });
  expect({ sql: await sql(), queries: await queries() }).toEqual(before);
  const windows = (await bench.bought()).map(({ timeWindowStartOriginal }) => timeWindowStartOriginal);
  expect(windows.every((start) => start.endsWith('T00:00:00'))).toBe(true);

  // Conversions of the newest week came in later: its numbers moved, and the change is on record.
  const revisions = await bench.query<{ week: string; moved: boolean; changed: string }>(
    `SELECT week::text AS week, totals_before <> totals_after AS moved, rows_added + rows_changed AS changed
     FROM week_revisions WHERE data_version > 1 ORDER BY week`,
  );
  const restated = revisions.find(({ week }) => week === newest);
  expect(restated).toMatchObject({ moved: true });
  expect(Number(restated!.changed)).toBeGreaterThan(0);
  const detail = await bench.detail(collection.id);
  expect(detail).toMatchObject({ state: 'complete', lastWeek: added, weeksTotal: 4 });
  expect(detail.weekList.map(({ week, served }) => [week, served])).toEqual([older, old, newest, added].map((week) => [week, true]));
  const [tick] = (await scheduleHistory(ctx, { id, limit: 1 })).ticks;
  expect(tick).toMatchObject({ kind: 'scheduled', collections: [{ added: [added], restated: [old, newest], runs: { done: 3 } }] });
  expect(tick!.collections[0]!.rowsAdded).toBeGreaterThan(0);
});
