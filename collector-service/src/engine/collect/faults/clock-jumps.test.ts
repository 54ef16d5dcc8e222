import { confirmTime, readClocks } from '../../../ground/calendar/clocks.ts';
import { createClockWatch } from '../clock-watch.ts';
import { createCollection } from '../collections/create.ts';
import { spawnStep, type WorkerProcess } from '@amc-reports/test-support/crash/spawn-worker.ts';
import { createTestBench, eventually, SETTLED_HISTORY_DAYS, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { SILENT } from '@amc-reports/test-support/collect/database.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';

/** Clocks that jump, of the machine and of the database. The database's jump is told by what it saw before, which is all that it has. */
let sandbox: TestSandbox;
let bench: TestBench;
let worker: WorkerProcess | undefined;

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: SETTLED_HISTORY_DAYS });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  bench = await createTestBench(sandbox);
});
afterEach(async () => {
  jest.restoreAllMocks();
  worker?.kill('SIGKILL');
  await worker?.ended;
  worker = undefined;
  await sandbox.clearFaults();
  await bench.drop();
});

const YEARS_MS = 2 * 365 * 86_400_000;
const complete = (id: string) => async () => (await bench.detail(id)).state === 'complete';
/** As if the database had shown a time that is so far from the present one. */
const sawTime = (interval: string) => bench.query(`UPDATE clock_seen SET seen_at = now() + $1::interval`, interval);

/** A worker on a machine whose clock is wrong. */
async function startSkewed(skewMs: number): Promise<WorkerProcess> {
  const skew = `const now = Date.now; const Real = Date;
    globalThis.Date = class extends Real { constructor(...given) { given.length ? super(...given) : super(now() + ${skewMs}); } static now() { return now() + ${skewMs}; } };`;
  const preload = `--import=data:text/javascript,${encodeURIComponent(skew)}`;
  worker = await spawnStep('worker-process.ts', [bench.database.url, '{}'], undefined, undefined, preload);
  return worker;
}

test.each([
  ['ahead', YEARS_MS],
  ['behind', -YEARS_MS],
])('a machine whose clock is two years %s buys nothing and says why; one that is right goes on', async (_way, skewMs) => {
  const { id } = await bench.collect(2);
  await bench.skipValidation(id);
  const { id: other } = await stoppedCollection();
  const skewed = await startSkewed(skewMs);
  await eventually(async () => skewed.log().includes('The clocks contradict each other'));
  // The week had its chance: a worker probes only when there is nothing to buy.
  await eventually(probed);
  expect(await bench.query(`SELECT FROM week_runs WHERE fence > 0 AND collection_id <> $1`, other)).toEqual([]);
  expect(await bench.bought()).toEqual([]);
  await bench.work(complete(id));
  expect(await bench.bought()).toHaveLength(2);
});

test.each([
  ['went back', '2 hours'],
  ['leapt ahead by years', '-730 days'],
])('a database whose clock %s buys nothing until it is right again', async (_what, seen) => {
  const { id } = await bench.collect(1);
  await bench.skipValidation(id);
  await sawTime(seen);
  const warnings: string[] = [];
  const logger = Object.assign(Object.create(SILENT) as typeof SILENT, { error: (_: unknown, text: string) => warnings.push(text) });
  const watch = createClockWatch({ store: bench.database.store, logger });
  await watch();
  await watch();
  expect(warnings).toEqual([expect.stringContaining('collector clock confirm')]);
  await expect(createCollection(bench.ctx, { instance: 'amcsandbox1', dataset: 'reach_frequency' })).rejects.toMatchObject({
    code: 'clocks_disagree',
  });
  const { id: other } = await stoppedCollection();
  await bench.work(probed);
  expect(await bench.query(`SELECT FROM week_runs WHERE fence > 0 AND collection_id <> $1`, other)).toEqual([]);
  expect(await bench.bought()).toEqual([]);

  await bench.database.store.transaction(confirmTime);
  await bench.work(complete(id));
  expect(await bench.bought()).toHaveLength(1);
});

const probed = async () => (await sandbox.fired('forbidden')) === 1;

/** Something else for a worker to do: a collection whose probe is refused. */
async function stoppedCollection(): Promise<{ id: string }> {
  await sandbox.addFault({ name: 'forbidden', count: 1, match: { path: '/workflowExecutions?', method: 'GET' } });
  await bench.query(
    `INSERT INTO report_data_collections (workspace_id, instance_id, dataset, dataset_version, name, first_week, last_week, workflow_id, sql_text, created_by, state)
     SELECT workspace_id, instance_id, 'reach_frequency', d.version, 'stopped', c.first_week, c.last_week, workflow_id, sql_text, created_by, 'stopped'
     FROM report_data_collections c, (SELECT max(version) AS version FROM datasets WHERE name = 'reach_frequency') d`,
  );
  const [row] = await bench.query<{ id: string }>(
    `INSERT INTO collection_refusals (collection_id, asked, code, message, next_try_at)
     SELECT id, 'list', 'amc_forbidden', 'No.', now() FROM report_data_collections WHERE name = 'stopped' RETURNING collection_id AS id`,
  );
  return row!;
}

test('a month without a collector is no jump', async () => {
  await sawTime('-34 days');
  expect(await readClocks(bench.database.store.pool)).toMatchObject({ agree: true });
});

test('a step of the clock is what was seen before only after it has lasted for minutes; a small one at once', async () => {
  const watch = createClockWatch({ store: bench.database.store, logger: SILENT });
  const seenAgo = async () =>
    (await bench.query<{ hours: number }>('SELECT round(extract(epoch FROM now() - seen_at) / 3600)::int AS hours FROM clock_seen'))[0]!
      .hours;
  await sawTime('-20 days');
  await watch();
  await watch();
  expect(await seenAgo()).toBe(480);
  const real = performance.now.bind(performance);
  jest.spyOn(performance, 'now').mockImplementation(() => real() + 11 * 60_000);
  await watch();
  expect(await seenAgo()).toBe(0);
});

test('what a clock that was ahead has dated into the future is brought back, and everything is done and bought once', async () => {
  const { id } = await bench.collect(2);
  await sandbox.holdExecutions();
  await bench.skipValidation(id);
  await bench.work(async () => (await bench.detail(id)).weeks.running === 2);
  await bench.query(`UPDATE week_runs SET updated_at = now() + interval '2 years', not_before = now() + interval '2 years',
    lease_until = now() + interval '2 years', create_attempted_at = now() + interval '2 years'`);
  await sandbox.letExecutionsGoOn();
  await bench.work(complete(id));
  expect(await bench.bought()).toHaveLength(2);
});

test('a wait that was meant to be long stays, however far it reaches', async () => {
  const { id } = await bench.collect(1);
  await bench.query(`UPDATE week_runs SET not_before = now() + interval '2 days'`);
  await createClockWatch({ store: bench.database.store, logger: SILENT })();
  expect(await bench.query(`SELECT FROM week_runs WHERE collection_id = $1 AND not_before > now() + interval '47 hours'`, id)).toHaveLength(
    1,
  );
});

test('a clock that leapt ahead cancels nothing that is paid for', async () => {
  const { id } = await bench.collect(1);
  await bench.skipValidation(id);
  await sandbox.holdExecutions();
  await bench.work(async () => (await bench.detail(id)).weeks.running === 1);
  // As the leap looks from here: everything before it is long ago.
  await sawTime('-730 days');
  await bench.query(`UPDATE week_runs SET create_attempted_at = create_attempted_at - interval '730 days'`);
  const [{ fence }] = (await bench.query<{ fence: string }>('SELECT fence FROM week_runs')) as [{ fence: string }];
  await bench.work(async () => Number((await bench.query<{ fence: string }>('SELECT fence FROM week_runs'))[0]!.fence) > Number(fence) + 1);
  expect((await bench.bought()).map(({ status }) => status)).not.toContain('CANCELLED');
  await bench.query(`UPDATE week_runs SET create_attempted_at = create_attempted_at + interval '730 days'`);
  await sandbox.letExecutionsGoOn();
  await bench.work(complete(id));
  expect(await bench.bought()).toHaveLength(1);
});

test('a week that is not complete yet, planned by a clock that was ahead, waits and is not bought', async () => {
  const { id } = await bench.collect(1);
  await bench.skipValidation(id);
  await bench.query(`UPDATE week_runs SET week = week + 700`);
  await bench.work(async () => (await bench.query(`SELECT FROM week_runs WHERE error_code = 'week_out_of_range'`)).length === 1);
  expect(await bench.bought()).toEqual([]);
  expect((await bench.detail(id)).weeks.planned).toBe(1);
});
