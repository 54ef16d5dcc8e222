import { spawnWorker, type WorkerProcess } from '@amc-reports/test-support/crash/spawn-worker.ts';
import { keepDayLimits } from './day-limit.ts';
import { createTestBench, eventually, SETTLED_HISTORY_DAYS, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { TEST_SETTINGS } from '@amc-reports/test-support/collect/collector.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';

const WEEKS = 8;
const LIMIT = 3;
let sandbox: TestSandbox;
let bench: TestBench;
let workers: WorkerProcess[];

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: SETTLED_HISTORY_DAYS });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  bench = await createTestBench(sandbox);
  workers = [];
});
afterEach(async () => {
  await sandbox.clearFaults();
  for (const worker of workers) {
    worker.kill('SIGKILL');
    await worker.ended;
  }
  await bench.drop();
});

const start = async (...options: Parameters<typeof spawnWorker> extends [string, ...infer Rest] ? Rest : never): Promise<void> =>
  void workers.push(await spawnWorker(bench.database.url, ...options));
const counts = () =>
  bench.query<{ kind: string; used: number }>('SELECT kind, sum(used)::int AS used FROM execution_days GROUP BY kind ORDER BY kind');
/** The UTC days the test has seen: one, or two around midnight. */
const days = async () => (await bench.query<{ n: number }>('SELECT count(DISTINCT day)::int AS n FROM execution_days'))[0]!.n;
const states = async (id: string) => {
  const { weekList } = await bench.detail(id);
  return {
    done: weekList.filter((week) => week.state === 'done').length,
    parked: weekList.filter((week) => week.state === 'planned' && week.error?.code === 'day_limit'),
  };
};

test('three processes together create as many executions a day as allowed, kill -9 in between, and the rest says when it goes on', async () => {
  const { id } = await bench.collect(WEEKS);
  await bench.skipValidation(id);
  const settings = { instancePerDay: LIMIT };
  for (const point of ['create.afterSend', 'create.beforeSend'] as const) {
    await start({ ...settings, apiSteps: 1 }, point);
    expect(await workers.at(-1)!.ended).toBe('SIGKILL');
    await bench.expireLeases(workers.at(-1)!.child.pid);
  }
  await Promise.all([start(settings), start(settings), start(settings)]);
  await eventually(async () => {
    const { done, parked } = await states(id);
    return done + parked.length === WEEKS;
  });
  const allowed = LIMIT * (await days());
  expect(await bench.bought()).toHaveLength(allowed);
  expect(await counts()).toEqual([
    { kind: 'account', used: allowed },
    { kind: 'instance', used: allowed },
  ]);
  const { parked } = await states(id);
  expect(parked).toHaveLength(WEEKS - allowed);
  for (const { notBefore, error } of parked) {
    expect(notBefore).toMatch(/T00:00:00/);
    expect(error!.message).toContain(`${LIMIT} executions of this day (UTC)`);
    expect(error!.message).toContain(notBefore!.slice(0, 16));
  }
  expect(await bench.query('SELECT FROM instance_slots WHERE run_id IS NOT NULL')).toEqual([]);
});

test('a limit that is raised lets the weeks go on at once, and an instance’s own limit counts before the setting', async () => {
  const { id } = await bench.collect(4);
  await bench.work(async () => (await states(id)).parked.length === 3, { instancePerDay: 1 });
  await keepDayLimits(bench.database.store, { ...TEST_SETTINGS, instancePerDay: 1 });
  expect((await states(id)).parked).toHaveLength(3);
  await bench.query('UPDATE instances SET executions_per_day = 2');
  await bench.work(async () => (await states(id)).done === 2 && (await states(id)).parked.length === 2, { instancePerDay: 1 });
  await bench.query('UPDATE instances SET executions_per_day = NULL');
  await bench.work(async () => (await bench.detail(id)).state === 'complete');
  expect(await counts()).toEqual([
    { kind: 'account', used: 4 },
    { kind: 'instance', used: 4 },
  ]);
});

test('the account’s limit holds over its instances, and a request that Amazon refused does not count', async () => {
  const { id } = await bench.collect(3);
  await bench.skipValidation(id);
  await sandbox.addFault({ name: 'throttle', count: 2, seconds: 0.1, match: { method: 'POST', path: '/workflowExecutions' } });
  const both = async () => (await states(id)).done === 2 && (await states(id)).parked.length === 1;
  await bench.work(both, { accountPerDay: 2, backOffFirstMs: 50 });
  expect(await sandbox.fired('throttle')).toBe(2);
  expect(await bench.bought()).toHaveLength(2 * (await days()));
  expect((await states(id)).parked[0]!.error!.message).toMatch(/^Account /);
});
