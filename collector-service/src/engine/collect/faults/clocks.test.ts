import { spawnStep, type WorkerProcess } from '@amc-reports/test-support/crash/spawn-worker.ts';
import { createTestBench, eventually, SETTLED_HISTORY_DAYS, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';

const MINUTES = 60_000;
/** A request of the one that is killed may still be on its way when its week is looked for. */
const SETTINGS = JSON.stringify({ instanceLimit: 2, secondLookMs: 2_000_000 });
let sandbox: TestSandbox;
let bench: TestBench;
const workers: WorkerProcess[] = [];

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: SETTLED_HISTORY_DAYS });
  bench = await createTestBench(sandbox);
});
afterAll(async () => {
  for (const worker of workers) {
    worker.kill('SIGKILL');
    await worker.ended;
  }
  await bench.drop();
  await sandbox.close();
});

/** A process whose machine shows another time, which it tells at its start. */
const start = async (skewMs: number): Promise<WorkerProcess> => {
  const skew = `const now = Date.now; const Real = Date;
    globalThis.Date = class extends Real { constructor(...given) { given.length ? super(...given) : super(now() + ${skewMs}); } static now() { return now() + ${skewMs}; } };
    console.error('clock ' + Date.now());`;
  const preload = `--import=data:text/javascript,${encodeURIComponent(skew)}`;
  const worker = await spawnStep('worker-process.ts', [bench.database.url, SETTINGS], undefined, undefined, preload);
  workers.push(worker);
  return worker;
};

test('workers whose clocks are ten minutes apart share the work, take over from a killed one and buy nothing twice', async () => {
  const { id } = await bench.collect(8);
  await bench.skipValidation(id);
  await sandbox.addFault({ name: 'create-answer-lost', count: 2 });
  // Nothing ends before both have had their share of it.
  await sandbox.holdExecutions();
  const early = await start(-10 * MINUTES);
  const late = await start(10 * MINUTES);
  const clocks = [early, late].map((worker) => Number(/clock (\d+)/.exec(worker.log())?.[1]) - Date.now());
  expect(clocks[0]).toBeLessThan(-9 * MINUTES);
  expect(clocks[1]).toBeGreaterThan(9 * MINUTES);
  const owners = new Set<string>();
  await eventually(async () => {
    for (const { owner } of await bench.query<{ owner: string }>(
      'SELECT DISTINCT lease_owner AS owner FROM week_runs WHERE lease_owner IS NOT NULL',
    ))
      owners.add(owner);
    return owners.size === 2;
  });
  await sandbox.letExecutionsGoOn();
  await eventually(async () => (await bench.detail(id)).weeks.done > 0);
  late.kill('SIGKILL');
  await late.ended;
  await bench.expireLeases(late.child.pid);
  await eventually(async () => (await bench.detail(id)).state === 'complete');
  expect(await sandbox.fired('create-answer-lost')).toBe(2);
  expect(await bench.bought()).toHaveLength(8);
  expect(await bench.query(`SELECT DISTINCT data_version::int AS version FROM report_data_weeks`)).toEqual([{ version: 1 }]);
});
