import { claimFinished, claimUnclear, claimWeek } from './claim.ts';
import { create } from './create.ts';
import { finish } from './merge.ts';
import type { ClaimedRun } from './run.ts';
import { createTestBench, eventually, SETTLED_HISTORY_DAYS, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { createTestCollector, type TestCollector } from '@amc-reports/test-support/collect/collector.ts';
import { SILENT } from '@amc-reports/test-support/collect/database.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';

/** Steps whose lease ran out and whom nobody told: nothing but the fence stands between them and their successor's work. */
const expired = { owner: 'late', leaseMs: -1 };
const lease = { owner: 'next', leaseMs: 30_000 };
const unaware = new AbortController().signal;
let sandbox: TestSandbox;
let bench: TestBench;
let collector: TestCollector;

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: SETTLED_HISTORY_DAYS });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  bench = await createTestBench(sandbox);
  collector = await createTestCollector(bench.database.store, bench.database.catalogue, SILENT);
});
afterEach(async () => {
  await sandbox.clearFaults();
  await collector.close();
  await bench.drop();
});

const complete = (id: string) => async () => (await bench.detail(id)).state === 'complete';

test('a create request answered after the run was taken over stores nothing, and its execution is adopted instead of bought again', async () => {
  const { id } = await bench.collect(1);
  await bench.skipValidation(id);
  const late = (await claimWeek(bench.database.store, expired))!;
  const client = await collector.deps.amc(bench.instance.connectionId);
  let next: ClaimedRun | undefined;
  const takenOver: typeof client.executions.create = async (...request) => {
    const answer = await client.executions.create(...request);
    next = await claimUnclear(bench.database.store, lease);
    return answer;
  };
  const deps = { ...collector.deps, amc: async () => ({ ...client, executions: { ...client.executions, create: takenOver } }) };
  await expect(create(deps, late, unaware)).rejects.toMatchObject({ code: 'lost_fence' });
  expect(await bench.query('SELECT state, fence, execution_id FROM week_runs')).toEqual([
    { state: 'creating', fence: next!.fence, execution_id: null },
  ]);
  await bench.query(`UPDATE week_runs SET lease_until = '-infinity'`);
  await bench.work(complete(id));
  expect(await bench.bought()).toHaveLength(1);
});

test('a merge that ends after its run was taken over commits no row', async () => {
  const { id } = await bench.collect(1);
  await bench.work(async () => (await bench.detail(id)).weeks.downloading + (await bench.detail(id)).weeks.merging === 1, {
    mergeSteps: 0,
  });
  const late = (await claimFinished(bench.database.store, expired))!;
  const blocker = await bench.database.store.pool.connect();
  await blocker.query('BEGIN');
  await blocker.query('SELECT FROM report_data_weeks FOR UPDATE');
  const merged = expect(finish(collector.deps, late, unaware)).rejects.toMatchObject({ code: 'lost_fence' });
  await eventually(
    async () =>
      (await bench.query(`SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`)).length > 0,
  );
  expect(await claimFinished(bench.database.store, lease)).toMatchObject({ state: 'merging' });
  await blocker.query('ROLLBACK');
  blocker.release();
  await merged;
  expect(await bench.query('SELECT FROM fact_campaign_performance_v2')).toEqual([]);
  await bench.query(`UPDATE week_runs SET lease_until = '-infinity'`);
  await bench.work(complete(id));
  expect(await bench.bought()).toHaveLength(1);
});
