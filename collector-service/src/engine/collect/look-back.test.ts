import { createCollection } from './collections/create.ts';
import { addDays } from '../../ground/calendar/week.ts';
import { collectionDetail } from './collections/read.ts';
import { createTestBench, SETTLED_HISTORY_DAYS, settledWeek, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { spawnWorker } from '@amc-reports/test-support/crash/spawn-worker.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';

/** Weeks that came before there was anything to compare them with, and what becomes of them once there is. */
const WEEKS = 6;
let sandbox: TestSandbox;
let bench: TestBench;

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: SETTLED_HISTORY_DAYS });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  bench = await createTestBench(sandbox);
});
afterEach(async () => {
  await sandbox.clearFaults();
  await bench.drop();
});

/** Nothing in line and every served week compared: what a worker would still do is done. */
const settled = async (): Promise<boolean> => {
  const [left] = await bench.query<{ n: number }>(
    `SELECT (SELECT count(*) FROM week_runs WHERE state NOT IN ('done', 'held', 'failed', 'skipped'))::int
          + (SELECT count(*) FROM report_data_weeks WHERE data_version = 0 OR compared_at IS NULL OR compared_at < collected_at)::int AS n`,
  );
  return left!.n === 0;
};
const collected = async (): Promise<string> => {
  const { id } = await bench.collect(WEEKS);
  await bench.work(settled);
  return id;
};
const week = async (id: string, index: number) => (await collectionDetail(bench.ctx, { id })).weekList[index]!;
const timesBought = async (index: number): Promise<number> =>
  (await bench.bought()).filter(({ timeWindowStartOriginal: start }) => start.startsWith(settledWeek(index))).length;
const faultyWeek = (name: 'rows-removed' | 'file-truncated-at-row', index: number, count: number) =>
  sandbox.addFault({ name, count, match: { windowStart: settledWeek(index) } });

test('an ordinary backfill is compared and nothing is asked again or marked', async () => {
  const id = await collected();
  expect(await bench.detail(id)).toMatchObject({ state: 'complete', weeksDoubtful: 0 });
  expect(await bench.bought()).toHaveLength(WEEKS);
});

test.each([0, 1, WEEKS - 1])(
  'the first file of week %i with a header only is asked again once, and the second one is taken',
  async (index) => {
    await faultyWeek('rows-removed', index, 1);
    const id = await collected();
    expect(await timesBought(index)).toBe(2);
    expect(await bench.bought()).toHaveLength(WEEKS + 1);
    const { rows, doubt, state } = await week(id, index);
    expect({ state, doubt }).toEqual({ state: 'done', doubt: null });
    expect(rows).toBeGreaterThan(100);
    expect(await bench.detail(id)).toMatchObject({ state: 'complete', weeksDoubtful: 0 });
  },
);

test('a first file that breaks off at the end of a row, with a length that fits, is asked again for its few rows', async () => {
  await faultyWeek('file-truncated-at-row', 2, 1);
  const id = await collected();
  const asked = await bench.query<{ rules: string[] }>(`SELECT details->'rules' AS rules FROM audit_log WHERE action = 'week.askAgain'`);
  // Rows come in any order: what is left of the file may contradict itself, and is held meanwhile, or is served and short.
  expect(asked).toHaveLength(1);
  expect(['few_rows', 'impossible_values']).toContain(asked[0]!.rules[0]);
  expect(await timesBought(2)).toBe(2);
  expect(await week(id, 2)).toMatchObject({ state: 'done', doubt: null });
});

test('a day that is missing is seen in the rows that are served', async () => {
  const id = await collected();
  const day = addDays(settledWeek(2), 3);
  await bench.query('DELETE FROM fact_campaign_performance_v2 WHERE week = $1 AND event_date = $2', settledWeek(2), day);
  await bench.query('UPDATE report_data_weeks SET collected_at = now() WHERE week = $1', settledWeek(2));
  await bench.work(settled);
  expect(await timesBought(2)).toBe(2);
  expect(await week(id, 2)).toMatchObject({ doubt: { findings: [{ rule: 'missing_days', message: expect.stringContaining(day) }] } });
});

test('the same once more is kept and marked, and never asked for a third time', async () => {
  await faultyWeek('rows-removed', 1, 2);
  const id = await collected();
  expect(await timesBought(1)).toBe(2);
  expect(await week(id, 1)).toMatchObject({
    state: 'done',
    rows: 0,
    doubt: {
      findings: [{ rule: 'few_rows', message: expect.stringContaining('The week has no rows') }],
      note: 'Asked again, Amazon gave the same.',
    },
  });
  expect(await bench.detail(id)).toMatchObject({ state: 'complete', weeksDoubtful: 1 });
  // Looked at again, by another worker too: nothing more is bought.
  await bench.query('UPDATE report_data_weeks SET compared_at = NULL');
  await bench.work(settled);
  expect(await bench.bought()).toHaveLength(WEEKS + 1);
  expect(await bench.query(`SELECT person, details->'rules' AS rules FROM audit_log WHERE action = 'week.askAgain'`)).toEqual([
    { person: 'collector', rules: ['few_rows'] },
  ]);
});

test('a first result that stands out among weeks that are served is held and asked again; the second one, held too, is the question', async () => {
  // The last week comes when the others are served.
  await bench.collect(WEEKS - 1);
  await bench.work(settled);
  await faultyWeek('rows-removed', WEEKS - 1, 2);
  const last = settledWeek(WEEKS - 1);
  const { id } = await createCollection(bench.ctx, {
    instance: 'amcsandbox1',
    dataset: 'campaign_performance',
    firstWeek: last,
    lastWeek: last,
  });
  await bench.work(async () => (await bench.query('SELECT FROM held_runs')).length === 2);
  expect(await timesBought(WEEKS - 1)).toBe(2);
  expect(await bench.query('SELECT decision FROM held_runs ORDER BY run_id')).toEqual([{ decision: 'superseded' }, { decision: null }]);
  expect(await week(id, 0)).toMatchObject({ state: 'held', served: false });
});

test.each([
  ['lookback.beforeCommit', 0],
  ['lookback.afterCommit', 1],
] as const)('killed at %s, the next worker asks again exactly once', async (point, asked) => {
  await faultyWeek('rows-removed', 1, 2);
  const { id } = await bench.collect(WEEKS);
  const victim = await spawnWorker(bench.database.url, { apiSteps: 1, mergeSteps: 1, leaseMs: 1_000, secondLookMs: 1_200_000 }, point);
  expect(await victim.ended).toBe('SIGKILL');
  expect(await bench.query('SELECT FROM report_data_weeks WHERE asked_again_run_id IS NOT NULL')).toHaveLength(asked);
  expect(await bench.query(`SELECT FROM audit_log WHERE action = 'week.askAgain'`)).toHaveLength(asked);
  expect(await timesBought(1)).toBe(1);
  await bench.work(settled);
  expect(await timesBought(1)).toBe(2);
  expect(await bench.bought()).toHaveLength(WEEKS + 1);
  expect(await week(id, 1)).toMatchObject({ state: 'done', doubt: { note: 'Asked again, Amazon gave the same.' } });
});

test('two workers that look back at once ask once', async () => {
  await faultyWeek('rows-removed', 1, 2);
  await bench.collect(WEEKS);
  await Promise.all([bench.work(settled), bench.work(settled)]);
  expect(await bench.bought()).toHaveLength(WEEKS + 1);
});

test('an imported week is marked and not asked again', async () => {
  const id = await collected();
  await bench.query(`UPDATE report_data_weeks SET row_count = 0, collected_at = now() WHERE week = $1`, settledWeek(1));
  await bench.query(`UPDATE week_runs SET execution_id = NULL WHERE week = $1`, settledWeek(1));
  await bench.work(settled);
  expect(await week(id, 1)).toMatchObject({ doubt: { note: 'It was not asked again: its rows were imported.' } });
  expect(await bench.bought()).toHaveLength(WEEKS);
});
