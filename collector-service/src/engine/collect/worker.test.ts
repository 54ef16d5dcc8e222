import { CollectorError } from '../../contract/error.ts';
import type { FaultInput } from '@amc-reports/sandbox/control/faults.ts';
import { cancelCollection } from './collections/cancel.ts';
import { pauseCollection } from './collections/pause.ts';
import { resumeCollection } from './collections/resume.ts';
import { retryWeek } from './collections/retry-week.ts';
import { runWorker } from './worker.ts';
import { createTestCollector } from '@amc-reports/test-support/collect/collector.ts';
import { createTestBench, eventually, SETTLED_HISTORY_DAYS, settledWeek, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { SILENT } from '@amc-reports/test-support/collect/database.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';

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

const complete = (id: string) => async () => (await bench.detail(id)).state === 'complete';
const slotsTaken = async () => (await bench.query('SELECT FROM instance_slots WHERE run_id IS NOT NULL')).length;

test('collects weeks from plan to rows: validated once, bought once each, slots free, events and file kept', async () => {
  const { id } = await bench.collect(3);
  await bench.work(complete(id));
  const detail = await bench.detail(id);
  expect(detail).toMatchObject({ state: 'complete', weeks: { done: 3 } });
  for (const week of detail.weekList)
    expect(week).toMatchObject({ state: 'done', served: true, dataVersion: 1, attempt: 0, error: null, executionId: expect.any(String) });
  expect(detail.rows).toBeGreaterThan(500);
  expect(await bench.bought()).toHaveLength(3);
  expect(await slotsTaken()).toBe(0);
  const states = await bench.query<{ n: number }>("SELECT count(*)::int AS n FROM outbox WHERE kind = 'week' GROUP BY subject");
  // creating, running, downloading, merging, done; and Amazon's own PENDING and RUNNING, when a poll meets them
  expect(states.map(({ n }) => n >= 5 && n <= 7)).toEqual([true, true, true]);
  expect(await bench.query('SELECT DISTINCT run_id FROM result_files')).toHaveLength(3);
});

describe('what Amazon does to a client', () => {
  const passing: [string, FaultInput[]][] = [
    ['a throttled request with Retry-After', [{ name: 'throttle', count: 2, seconds: 1 }]],
    ['throttling without Retry-After', [{ name: 'throttle-bare', count: 3, match: { method: 'POST', path: '/workflowExecutions' } }]],
    ['an HTML page with status 429', [{ name: 'throttle-html', count: 3 }]],
    [
      'server errors while listing',
      [{ name: 'server-error', status: 502, count: 3, match: { method: 'GET', path: '/workflowExecutions' } }],
    ],
    [
      'server errors while creating',
      [{ name: 'server-error', status: 500, count: 2, match: { method: 'POST', path: '/workflowExecutions' } }],
    ],
    [
      'a connection that breaks before anything happened',
      [{ name: 'dropped-connection', count: 3, match: { method: 'POST', path: '/workflowExecutions' } }],
    ],
    [
      'an execution created although the gateway timed out',
      [{ name: 'request-timeout-after-create', match: { windowStart: settledWeek(0) } }],
    ],
    [
      'an execution created although the answer was lost',
      [{ name: 'create-answer-lost', count: 2, match: { path: '/workflowExecutions' } }],
    ],
    [
      'an execution whose answer was lost and that is listed late',
      [
        { name: 'create-answer-lost', match: { windowStart: settledWeek(0) } },
        { name: 'listed-late', seconds: 1, match: { windowStart: settledWeek(0) } },
      ],
    ],
    ['an access token that ends', [{ name: 'token-expired', count: 1 }]],
    ['an expired download address', [{ name: 'url-expired', count: 2 }]],
    ['a file that breaks off', [{ name: 'file-truncated' }]],
    ['a file that breaks off although its length is right', [{ name: 'file-truncated', silent: true }]],
    ['an execution that takes long', [{ name: 'slow-execution', factor: 8, match: { windowStart: settledWeek(1) } }]],
  ];
  test.each(passing)('%s passes: every week is done and bought once', async (_what, faults) => {
    for (const fault of faults) await sandbox.addFault(fault);
    const { id } = await bench.collect(2);
    await bench.work(complete(id), { secondLookMs: 600_000 });
    for (const { name } of faults) expect(await sandbox.fired(name)).toBeGreaterThan(0);
    expect((await bench.bought()).map((each) => each.timeWindowStartOriginal.slice(0, 10)).sort()).toEqual([
      settledWeek(0),
      settledWeek(1),
    ]);
    expect(await slotsTaken()).toBe(0);
  });

  test('a failed execution is bought again, up to three times in all, and then the week fails alone', async () => {
    await sandbox.addFault({ name: 'failed', count: 10, reason: 'out of memory', match: { windowStart: settledWeek(0) } });
    await sandbox.addFault({ name: 'failed', count: 1, match: { windowStart: settledWeek(1) } });
    const { id } = await bench.collect(2);
    await bench.work(async () => {
      const { weeks } = await bench.detail(id);
      return weeks.done + weeks.failed === 2;
    });
    const [first, second] = (await bench.detail(id)).weekList;
    expect(first).toMatchObject({
      state: 'failed',
      attempt: 3,
      served: false,
      error: { code: 'execution_failed', message: expect.stringContaining('out of memory') },
    });
    expect(second).toMatchObject({ state: 'done', attempt: 1, error: null });
    expect(await bench.bought()).toHaveLength(5);
    expect(await slotsTaken()).toBe(0);
  });

  test('rejected SQL stops the collection before the first paid query, with Amazon’s reason', async () => {
    const { id } = await bench.collect(4);
    await bench.query(`UPDATE report_data_collections SET sql_text = 'SELECT nonsense FROM nowhere' WHERE id = $1`, id);
    await bench.work(async () => (await bench.detail(id)).state === 'stopped');
    const detail = await bench.detail(id);
    expect(detail.stopReason).toMatch(/nowhere|not accept/i);
    expect(detail.weeks).toMatchObject({ planned: 4 });
    expect(await bench.bought()).toEqual([]);
  });

  test('an execution rejected later stops the collection too, instead of failing week by week', async () => {
    await sandbox.addFault({ name: 'rejected', count: 50, reason: 'Object x not found', match: { windowStart: '20' } });
    const { id } = await bench.collect(4);
    await bench.skipValidation(id);
    await bench.work(async () => (await bench.detail(id)).state === 'stopped', { apiSteps: 1, instanceLimit: 1 });
    const detail = await bench.detail(id);
    expect(detail.stopReason).toContain('Object x not found');
    expect(detail.weeks.failed).toBe(1);
    expect((await bench.bought()).length).toBe(1);
  });

  test('differencing protection parks the week and lets the others pass', async () => {
    await sandbox.addFault({ name: 'differencing', match: { windowStart: settledWeek(1) } });
    const { id } = await bench.collect(2);
    await bench.work(
      async () => {
        const { weeks, weekList } = await bench.detail(id);
        return weeks.done === 1 && weekList[1]!.error !== null;
      },
      { differencingParkMs: 400 * 3_600_000 },
    );
    const [, parked] = (await bench.detail(id)).weekList;
    expect(parked).toMatchObject({ state: 'planned', attempt: 0, notBefore: expect.any(String), error: { code: 'execution_rejected' } });
    await bench.query('UPDATE week_runs SET not_before = now()');
    await bench.work(complete(id));
  });

  test('a file that is always cut leaves the old data served', async () => {
    const { id } = await bench.collect(1);
    await bench.work(complete(id));
    const served = await bench.totals();
    await sandbox.addFault({ name: 'file-truncated', silent: true, count: 20 });
    await retryWeek(bench.ctx, { id, week: settledWeek(0) });
    await bench.work(async () => (await bench.detail(id)).weeks.failed === 1);
    expect((await bench.detail(id)).weekList[0]).toMatchObject({
      state: 'failed',
      served: true,
      dataVersion: 1,
      error: { code: 'result_truncated' },
    });
    expect(await bench.totals()).toEqual(served);
  });
});

test('pause outlives the worker: nothing is bought, what was bought gives its slot back, and resume finishes without buying again', async () => {
  const { id } = await bench.collect(4);
  await bench.skipValidation(id);
  await sandbox.holdExecutions();
  await bench.work(async () => (await bench.detail(id)).weeks.running >= 1, { instanceLimit: 2 });
  await pauseCollection(bench.ctx, { id });
  await sandbox.letExecutionsGoOn();
  const bought = (await bench.bought()).length;
  expect(bought).toBeLessThan(4);
  await bench.work(async () => (await slotsTaken()) === 0, { instanceLimit: 2 });
  expect(await bench.bought()).toHaveLength(bought);
  expect((await bench.detail(id)).state).toBe('paused');
  await resumeCollection(bench.ctx, { id });
  await bench.work(complete(id));
  expect(await bench.bought()).toHaveLength(4);
});

test('cancel stops at Amazon what is computing there and gives the slots back', async () => {
  const { id } = await bench.collect(3);
  await bench.skipValidation(id);
  await sandbox.holdExecutions();
  await bench.work(async () => (await bench.detail(id)).weeks.running === 3);
  await cancelCollection(bench.ctx, { id });
  await bench.work(async () => (await slotsTaken()) === 0);
  expect(await bench.detail(id)).toMatchObject({ state: 'cancelled', weeks: { skipped: 3 } });
  expect((await bench.bought()).map((each) => each.status)).toEqual(['CANCELLED', 'CANCELLED', 'CANCELLED']);
});

test('an execution that somebody cancels at Amazon fails its week and is not bought again by itself', async () => {
  const { id } = await bench.collect(1);
  await bench.skipValidation(id);
  await sandbox.holdExecutions();
  await bench.work(async () => (await bench.detail(id)).weeks.running === 1);
  const collector = await createTestCollector(bench.database.store, bench.database.catalogue, SILENT);
  const client = await collector.deps.amc(bench.instance.connectionId);
  const [execution] = await bench.bought();
  const ref = { instanceId: 'amcsandbox1', accountId: 'ENTITYSANDBOX', marketplaceId: 'ATVPDKIKX0DER' };
  await client.executions.cancel(ref, execution!.workflowExecutionId, AbortSignal.timeout(60_000));
  await collector.close();
  await bench.work(async () => (await bench.detail(id)).weeks.failed === 1);
  expect((await bench.detail(id)).weekList[0]).toMatchObject({ state: 'failed', error: { code: 'execution_cancelled' } });
  expect(await bench.bought()).toHaveLength(1);
});

test('an execution that never ends is cancelled and its week fails at our own deadline', async () => {
  await sandbox.addFault({ name: 'slow-execution', factor: 10_000 });
  const { id } = await bench.collect(1);
  await bench.skipValidation(id);
  // 900 s and a day, at 60,000 times the pace: about a second and a half.
  await bench.work(async () => (await bench.detail(id)).weeks.failed === 1, { executionTimeoutSeconds: 900, timeFactor: 60_000 });
  expect((await bench.detail(id)).weekList[0]).toMatchObject({ error: { code: 'execution_overdue' } });
  expect(await slotsTaken()).toBe(0);
  await eventually(async () => (await bench.bought())[0]!.status === 'CANCELLED');
});

test('a week that Amazon no longer has when its turn comes is skipped and not bought', async () => {
  const { id } = await bench.collect(2);
  await bench.query(`UPDATE week_runs SET week = week - 700 WHERE week = $1`, settledWeek(0));
  await bench.work(async () => (await bench.detail(id)).weeks.done === 1);
  expect(await bench.detail(id)).toMatchObject({ state: 'incomplete', weeksOutOfReach: 1, weeks: { skipped: 1 } });
  expect(await bench.bought()).toHaveLength(1);
});

test('wrong credentials stop the collection with what to do, and resuming after the cure finishes it', async () => {
  const { id } = await bench.collect(1);
  const collector = await createTestCollector(bench.database.store, bench.database.catalogue, SILENT);
  const refusal = new CollectorError('amc_bad_credentials', 'Amazon does not accept the client secret: check AMC_CLIENT_SECRET.');
  const refused = { ...collector.deps, amc: () => Promise.reject(refusal) };
  const stop = new AbortController();
  const running = runWorker(refused, stop.signal);
  await eventually(async () => (await bench.detail(id)).state === 'stopped');
  stop.abort();
  await running;
  await collector.close();
  expect((await bench.detail(id)).stopReason).toContain('client secret');
  await resumeCollection(bench.ctx, { id });
  await bench.work(complete(id));
});

test('stops within its grace, gives back what it holds, and the next worker goes on at once', async () => {
  const { id } = await bench.collect(2);
  await bench.skipValidation(id);
  await sandbox.holdExecutions();
  // Longer than the request itself would wait: only giving up ends it.
  await sandbox.addFault({ name: 'slow', count: 1, seconds: 600, match: { path: '/workflowExecutions', method: 'GET' } });
  const polling = async () => (await bench.detail(id)).weeks.running === 2 && (await sandbox.fired('slow')) === 1;
  await bench.work(polling, { leaseMs: 600_000, stopGraceMs: 200 });
  await sandbox.letExecutionsGoOn();
  expect(await bench.query(`SELECT FROM week_runs WHERE lease_until > now()`)).toEqual([]);
  await bench.work(complete(id), { leaseMs: 600_000 });
  expect(await bench.bought()).toHaveLength(2);
});

test('waits out a database that drops its connections', async () => {
  const { id } = await bench.collect(3);
  // A step whose connection went leaves its week to whoever comes when the lease has ended.
  const settings = { leaseMs: 5_000 };
  await bench.work(async () => {
    if ((await bench.detail(id)).weeks.done === 0) return false;
    await bench.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    return true;
  }, settings);
  await bench.work(complete(id), settings);
  expect(await bench.bought()).toHaveLength(3);
});
