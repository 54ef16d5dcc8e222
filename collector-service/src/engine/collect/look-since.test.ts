import { createTestBench, SETTLED_HISTORY_DAYS, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
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

interface Run {
  state: string;
  execution: string | null;
  recent: boolean | null;
  looking: boolean;
}

/** The run, whether its attempt counts from the last minutes, and whether it still looks back. */
const onlyRun = async (): Promise<Run> =>
  (
    await bench.query<Run>(
      `SELECT state, execution_id AS execution, create_attempted_at > now() - interval '10 minutes' AS recent, look_since IS NOT NULL AS looking FROM week_runs`,
    )
  )[0]!;

/** As if a back-up from before the purchase, two days old, had been restored: longer ago than an execution may take. */
const forget = async (): Promise<void> => {
  await bench.query(
    `UPDATE week_runs SET state = 'planned', execution_id = NULL, execution_status = NULL, create_attempted_at = NULL, counted_on = NULL,
            not_before = now(), look_since = now() - interval '2 days'`,
  );
  for (const slots of ['instance_slots', 'account_slots']) await bench.query(`UPDATE ${slots} SET run_id = NULL`);
};
const complete = (id: string) => async () => (await bench.detail(id)).state === 'complete';
const running = async () => (await onlyRun()).state === 'running';

test('an execution that the lost collector bought is taken over while Amazon computes, and is as old as Amazon says', async () => {
  const { id } = await bench.collect(1);
  await bench.skipValidation(id);
  await sandbox.holdExecutions();
  await bench.work(running);
  const { execution } = await onlyRun();
  await forget();
  await bench.work(running);
  expect(await onlyRun()).toEqual({ state: 'running', execution, recent: true, looking: true });
  await sandbox.letExecutionsGoOn();
  await bench.work(complete(id));
  expect(await bench.bought()).toHaveLength(1);
});

test('where Amazon has none, the week is bought after two looks, once, and looks back no more', async () => {
  // Of another dataset than the test before, whose execution would fit.
  const { id } = await bench.collect(1, 'reach_frequency');
  await bench.skipValidation(id);
  await forget();
  await sandbox.holdExecutions();
  await bench.work(running);
  expect(await onlyRun()).toMatchObject({ recent: true, looking: false });
  await sandbox.letExecutionsGoOn();
  await bench.work(complete(id));
  expect(await bench.bought()).toHaveLength(1);
});

test('a week that Amazon no longer has by then is skipped instead of asked for, and keeps no slot', async () => {
  const { id } = await bench.collect(1);
  await bench.skipValidation(id);
  await forget();
  await bench.query('UPDATE week_runs SET week = week - 700');
  await bench.work(async () => (await onlyRun()).state === 'skipped');
  expect(await bench.bought()).toEqual([]);
  expect(await bench.query('SELECT FROM instance_slots WHERE run_id IS NOT NULL')).toEqual([]);
  expect(await bench.detail(id)).toMatchObject({ stopReason: null });
});
