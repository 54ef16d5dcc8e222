import { SANDBOX_SPONSORED_INSTANCE_ID } from '@amc-reports/sandbox/account.ts';
import { spawnWorker, type WorkerProcess } from '@amc-reports/test-support/crash/spawn-worker.ts';
import { createTestBench, eventually, SETTLED_HISTORY_DAYS, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';

const PROCESSES = 6;
const LOOPS = 10;
let sandbox: TestSandbox;
let bench: TestBench;
let crew: WorkerProcess[] = [];

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: SETTLED_HISTORY_DAYS });
  bench = await createTestBench(sandbox, SANDBOX_SPONSORED_INSTANCE_ID);
});
afterEach(async () => {
  for (const worker of crew) {
    worker.kill('SIGKILL');
    await worker.ended;
  }
  crew = [];
});
afterAll(async () => {
  await bench.drop();
  await sandbox.close();
});

// The seller's highest count never falls, so the limits must come in rising order.
test.each([1, 2, 5])(
  `${PROCESSES} processes with ${LOOPS} steps at once each never exceed a limit of %i, as the seller counts`,
  async (limit) => {
    const done = new Set((await bench.query<{ id: string }>('SELECT id FROM week_runs')).map((run) => run.id));
    await bench.query(`UPDATE report_data_collections SET state = 'cancelled'`);
    const { id } = await bench.collect(9);
    await bench.skipValidation(id);
    await sandbox.holdExecutions();
    crew = await Promise.all(
      Array.from({ length: PROCESSES }, () => spawnWorker(bench.database.url, { instanceLimit: limit, apiSteps: LOOPS, mergeSteps: 1 })),
    );
    const mostOpen = async () => (await sandbox.stats()).mostOpen[SANDBOX_SPONSORED_INSTANCE_ID];
    await eventually(async () => (await mostOpen()) === limit);
    await sandbox.letExecutionsGoOn();
    await eventually(async () => (await bench.detail(id)).state === 'complete');
    expect(await mostOpen()).toBe(limit);
    const runs = await bench.query<{ id: string; attempt: number }>('SELECT id, attempt FROM week_runs');
    expect(runs.filter((run) => !done.has(run.id))).toHaveLength(9);
    expect(runs.every((run) => run.attempt === 0)).toBe(true);
    // Every run bought exactly one execution, whoever claimed it.
    expect(await bench.bought()).toHaveLength(runs.length);
  },
);
