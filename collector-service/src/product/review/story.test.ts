import { tmpdir } from 'node:os';
import { spawnWorker, type WorkerProcess } from '@amc-reports/test-support/crash/spawn-worker.ts';
import { retryWeek } from '../../engine/collect/collections/retry-week.ts';
import { createTestBench, eventually, SETTLED_HISTORY_DAYS, settledWeek, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';
import { acceptHeldRun } from './accept.ts';
import type { ReviewContext } from './context.ts';
import { heldRunDetail } from './detail.ts';
import { listHeldRuns } from './held-runs.ts';
import { keepHeldRun } from './keep.ts';
import { listRevisions } from './revisions.ts';
import { heldRows } from './rows.ts';
import { createRule } from './rules.ts';
import { runHeldRunAgain } from './run-again.ts';

/** From a fault at Amazon to a person's decision and what became of it: the real sandbox, worker, merge and review. */
let sandbox: TestSandbox;
let bench: TestBench;
let ctx: ReviewContext;
let collectionId: string;
let runId: string;
let servedRows: number;
const worker: WorkerProcess[] = [];
const WEEK = settledWeek(0);
const reason = 'the agency confirmed it';
/** Every other campaign: the same rows each time, and none that contradicts another. */
const HALF_A_FILE = { name: 'rows-halved', column: 'campaign_id' } as const;

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: SETTLED_HISTORY_DAYS });
});
afterAll(() => sandbox.close());

beforeEach(async () => {
  bench = await createTestBench(sandbox);
  const { catalogue, workspaceId } = bench.database;
  ctx = { ...bench.ctx, scope: { workspaceId, instanceIds: [bench.instance.id] }, spoolDirectory: tmpdir() };
  // Half a file must be enough for an objection.
  catalogue.findDataset('campaign_performance').quality.vanished_rows.at_most = 0.2;
  collectionId = (await bench.collect(1)).id;
  await bench.work(async () => (await week()).state === 'done');
  servedRows = (await week()).rows;
  await sandbox.addFault(HALF_A_FILE);
  await again();
  await bench.work(async () => (await week()).state === 'held');
  runId = (await week()).runId!;
});
afterEach(async () => {
  await sandbox.clearFaults();
  for (const each of worker.splice(0)) {
    each.kill('SIGKILL');
    await each.ended;
  }
  await bench.drop();
});

const week = async () => (await bench.detail(collectionId)).weekList[0]!;
const again = () => retryWeek(ctx, { id: collectionId, week: WEEK });
const finished = () => bench.work(async () => (await week()).state === 'done');
const revisions = async () => (await listRevisions(ctx, { id: collectionId, limit: 10 })).revisions;
const factRows = async () =>
  (await bench.query<{ rows: number }>('SELECT count(*)::int AS rows FROM fact_campaign_performance_v2'))[0]!.rows;
const filesOf = async () =>
  (await bench.query<{ run: string }>('SELECT DISTINCT run_id::text AS run FROM result_files')).map(({ run }) => run);

test('held, looked at, accepted: the kept file becomes what is served, without asking Amazon, and leaves a revision', async () => {
  const before = await bench.totals();
  expect(await factRows()).toBe(servedRows);
  const { heldRuns } = await listHeldRuns(ctx, { decided: 'false', limit: 10 });
  expect(heldRuns).toMatchObject([{ runId, week: WEEK, acceptable: true, decision: null }]);
  const { difference, objections } = await heldRunDetail(ctx, { runId });
  expect(objections).toContainEqual(expect.objectContaining({ rule: 'vanished_rows' }));
  const { rowsAfter, rowsVanished } = difference!;
  expect([rowsAfter + rowsVanished, difference!.rowsBefore]).toEqual([servedRows, servedRows]);
  const rows = await heldRows(ctx, { runId, kind: 'vanished', limit: 1000 });
  expect([rows.total, rows.rows.length]).toEqual([rowsVanished, Math.min(rowsVanished, 1000)]);
  expect(await bench.totals()).toEqual(before);

  const bought = (await bench.bought()).length;
  await acceptHeldRun(ctx, { runId, reason });
  expect(await bench.totals()).toEqual(before);
  await finished();
  expect(await bench.bought()).toHaveLength(bought);
  expect(await week()).toMatchObject({ state: 'done', runId, rows: rowsAfter, dataVersion: 2, error: null });
  expect(await factRows()).toBe(rowsAfter);
  expect(await filesOf()).toEqual([runId]);
  expect(await revisions()).toMatchObject([
    { version: 2, runId, first: false, rowsVanished, totals: difference!.totals },
    { version: 1, first: true },
  ]);
  expect(await heldRunDetail(ctx, { runId })).toMatchObject({
    decision: { decision: 'accepted', by: 'ada', reason },
    waiting: null,
  });
});

test('kept: the collection is complete and serves what it served', async () => {
  const before = await bench.totals();
  expect((await bench.detail(collectionId)).state).not.toBe('complete');
  await keepHeldRun(ctx, { runId, reason });
  expect(await bench.detail(collectionId)).toMatchObject({
    state: 'complete',
    weekList: [{ state: 'skipped', served: true, rows: servedRows }],
  });
  expect(await bench.totals()).toEqual(before);
});

test('run again: a new execution is bought, and its good result settles the matter', async () => {
  const bought = (await bench.bought()).length;
  await runHeldRunAgain(ctx, { runId, reason });
  await finished();
  expect(await bench.bought()).toHaveLength(bought + 1);
  expect(await week()).toMatchObject({ state: 'done', rows: servedRows, dataVersion: 1 });
  expect((await bench.detail(collectionId)).state).toBe('complete');
});

test('a worker that is killed before it merges an accepted result costs nothing: the next one merges it', async () => {
  const { rowsAfter } = (await heldRunDetail(ctx, { runId })).difference!;
  await acceptHeldRun(ctx, { runId, reason });
  const victim = await spawnWorker(bench.database.url, { leaseMs: 1_000 }, 'merge.before');
  worker.push(victim);
  expect(await victim.ended).toBe('SIGKILL');
  expect(await week()).toMatchObject({ state: 'merging', rows: servedRows });
  await finished();
  expect(await week()).toMatchObject({ state: 'done', runId, rows: rowsAfter });
  expect(await revisions()).toHaveLength(2);
});

test('a good run that nobody waited with a decision for supersedes the held one', async () => {
  await again();
  await finished();
  const { heldRuns } = await listHeldRuns(ctx, { limit: 10 });
  expect(heldRuns).toMatchObject([{ runId, decision: { decision: 'superseded' } }]);
  await expect(acceptHeldRun(ctx, { runId, reason })).rejects.toMatchObject({ code: 'conflict', status: 409 });
  expect(await week()).toMatchObject({ state: 'done', rows: servedRows });
});

test('a rule accepts the next result of the kind without a person', async () => {
  await keepHeldRun(ctx, { runId, reason });
  await createRule(ctx, { dataset: 'campaign_performance', maxMove: 1, reason: 'a test account' });
  await sandbox.addFault(HALF_A_FILE);
  await again();
  await finished();
  expect((await week()).rows).toBeLessThan(servedRows);
  expect((await listHeldRuns(ctx, { decided: 'false', limit: 10 })).heldRuns).toEqual([]);
});

test('two workers at once merge an accepted result once', async () => {
  await acceptHeldRun(ctx, { runId, reason });
  worker.push(await spawnWorker(bench.database.url), await spawnWorker(bench.database.url));
  await eventually(async () => (await week()).state === 'done');
  expect(await revisions()).toHaveLength(2);
});
