import { gzipSync } from 'node:zlib';
import { retryWeek } from './collections/retry-week.ts';
import { createTestBench, SETTLED_HISTORY_DAYS, settledWeek, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';

/** A held run that a person accepted, from its kept file to what is served. */
let sandbox: TestSandbox;
let bench: TestBench;
let collection: string;
let held: string;

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: SETTLED_HISTORY_DAYS });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  bench = await createTestBench(sandbox);
  collection = (await bench.collect(1)).id;
  await bench.work(async () => (await bench.detail(collection)).state === 'complete');
  await sandbox.addFault({ name: 'rows-removed' });
  await retryWeek(bench.ctx, { id: collection, week: settledWeek(0) });
  await bench.work(async () => (await bench.detail(collection)).weeks.held === 1);
  held = (await bench.query<{ run: string }>('SELECT run_id::text AS run FROM held_runs'))[0]!.run;
});
afterEach(async () => {
  await sandbox.clearFaults();
  await bench.drop();
});

const accept = async (): Promise<void> => {
  await bench.query(`UPDATE held_runs SET decision = 'accepted', decided_by = 'ada', decided_at = now() WHERE run_id = $1`, held);
  await bench.query(
    `UPDATE week_runs SET state = 'downloading', source = 'stored', overrule = true, fence = fence + 1, not_before = now() WHERE id = $1`,
    held,
  );
};
const files = () => bench.query('SELECT run_id::text AS run FROM result_files');
const week = async () => (await bench.detail(collection)).weekList[0]!;

test('it is served without asking Amazon again, its file stays, and a note says what was overruled', async () => {
  const downloads = (await sandbox.stats()).downloads;
  await accept();
  await bench.work(async () => (await bench.detail(collection)).state === 'complete');
  expect(await week()).toMatchObject({
    state: 'done',
    dataVersion: 2,
    rows: 0,
    restatements: 1,
    error: null,
    notes: [{ rule: 'zero_rows', message: expect.stringContaining('A person accepted it.') }],
  });
  expect(await files()).toEqual([{ run: held }]);
  expect((await sandbox.stats()).downloads).toBe(downloads);
  expect(await bench.bought()).toHaveLength(2);
});

test('a worker that dies in the middle is harmless: the next one starts over from the kept file', async () => {
  await accept();
  await bench.query(
    `UPDATE week_runs SET state = 'merging', fence = fence + 1, lease_owner = 'dead', lease_until = now() - interval '1 s' WHERE id = $1`,
    held,
  );
  await bench.work(async () => (await bench.detail(collection)).state === 'complete');
  expect(await week()).toMatchObject({ dataVersion: 2, rows: 0 });
  expect(await files()).toEqual([{ run: held }]);
});

test('a file that is not kept any more fails the run with what to do, and what is served stays', async () => {
  await accept();
  await bench.query('DELETE FROM result_files WHERE run_id = $1', held);
  await bench.work(async () => (await bench.detail(collection)).weeks.failed === 1);
  expect(await week()).toMatchObject({
    served: true,
    dataVersion: 1,
    error: { code: 'not_found', message: expect.stringContaining('Run the week again') },
  });
});

test('a file that cannot be read as CSV is held as it is, with its bytes, also when a person accepted it', async () => {
  const bytes = gzipSync('a,b\n"a"b,"c\\"d"\n');
  await bench.query('UPDATE result_files SET packed = $2 WHERE run_id = $1', held, bytes);
  await accept();
  await bench.work(async () => (await bench.detail(collection)).weeks.held === 1);
  expect(await bench.query("SELECT acceptable, decision, objections->0->>'rule' AS rule, change FROM held_runs")).toEqual([
    { acceptable: false, decision: null, rule: 'unreadable_file', change: null },
  ]);
  expect(await bench.query('SELECT packed FROM result_files WHERE run_id = $1', held)).toEqual([{ packed: bytes }]);
  expect(await week()).toMatchObject({ state: 'held', served: true, dataVersion: 1 });
});
