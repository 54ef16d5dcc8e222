import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULTS, type FaultInput } from '@amc-reports/sandbox/control/faults.ts';
import { retryWeek } from '../collections/retry-week.ts';
import { createTestBench, SETTLED_HISTORY_DAYS, settledWeek, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';

/** Result files that are not what their workflow promised. What Amazon does to requests and executions is in worker.test.ts. */
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

const again = (id: string) => retryWeek(bench.ctx, { id, week: settledWeek(0) });

test.each<[string, FaultInput]>([
  ['columns in another order', { name: 'columns-reordered' }],
  ['a byte order mark', { name: 'byte-order-mark' }],
])('a file with %s is the same week: not a row is written', async (_what, fault) => {
  const { id } = await bench.collect(1);
  await bench.work(async () => (await bench.detail(id)).state === 'complete');
  const served = await bench.totals();
  await sandbox.addFault(fault);
  await again(id);
  await bench.work(async () => (await bench.bought()).length === 2 && (await bench.detail(id)).state === 'complete');
  expect(await sandbox.fired(fault.name)).toBe(1);
  expect(await bench.totals()).toEqual(served);
  expect((await bench.detail(id)).weekList[0]).toMatchObject({ dataVersion: 1, restatements: 0 });
});

test('a file with a column more is taken, the column is kept beside the rows and reported', async () => {
  const { id } = await bench.collect(1);
  await sandbox.addFault({ name: 'column-added', column: 'viewable_impressions' });
  await bench.work(async () => (await bench.detail(id)).state === 'complete');
  expect(await sandbox.fired('column-added')).toBe(1);
  expect(await bench.query('SELECT DISTINCT extra FROM fact_campaign_performance_v2')).toEqual([{ extra: { viewable_impressions: 'x' } }]);
  const [week] = (await bench.detail(id)).weekList;
  expect(JSON.stringify(week!.notes)).toContain('viewable_impressions');
});

test.each<[string, FaultInput, string | RegExp]>([
  ['lacks a column', { name: 'column-removed', column: 'clicks' }, 'clicks'],
  ['has a column of another name', { name: 'column-renamed', column: 'clicks' }, 'clicks_renamed'],
  ['has words for numbers', { name: 'column-retyped', column: 'clicks' }, 'many'],
  ['holds a row twice', { name: 'rows-duplicated' }, 'for the same key'],
  ['has no rows where there were some', { name: 'rows-removed' }, 'no rows'],
  ['lacks every other campaign', { name: 'rows-halved', column: 'campaign_id' }, /lacks \d+ of the \d+ rows/],
  ['ends after half its rows with a fitting length', { name: 'file-truncated-at-row' }, /lacks \d+ of the \d+ rows/],
])('a file that %s is held for a person, and what is served stays', async (_what, fault, said) => {
  // As shipped, half of the rows may be gone; here half a file must be enough for an objection.
  bench.database.catalogue.findDataset('campaign_performance').quality.vanished_rows.at_most = 0.2;
  const { id } = await bench.collect(1);
  await bench.work(async () => (await bench.detail(id)).state === 'complete');
  const served = await bench.totals();
  await sandbox.addFault(fault);
  await again(id);
  await bench.work(async () => (await bench.detail(id)).weeks.held === 1);
  expect(await sandbox.fired(fault.name)).toBe(1);
  const [week] = (await bench.detail(id)).weekList;
  expect(week).toMatchObject({ state: 'held', served: true, dataVersion: 1 });
  expect(week!.error!.message).toMatch(said);
  expect(await bench.totals()).toEqual(served);
  const held = await bench.query<{ files: number; objections: unknown[] }>(
    `SELECT h.objections, (SELECT count(*)::int FROM result_files f WHERE f.run_id = h.run_id) AS files FROM held_runs h`,
  );
  expect(held).toEqual([{ objections: expect.arrayContaining([expect.objectContaining({ rule: expect.any(String) })]), files: 1 }]);
});

test('every fault the sandbox knows is met by a test of the collecting', () => {
  const tests = [__filename, join(__dirname, 'refusals.test.ts'), join(__dirname, '..', 'worker.test.ts')]
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  expect(Object.keys(FAULTS).filter((name) => !tests.includes(`'${name}'`))).toEqual([]);
});
