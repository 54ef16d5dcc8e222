import { factTable, rollupTable } from '../../../data/catalogue/tables.ts';
import { createTestBench, SETTLED_HISTORY_DAYS, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';

const WEEKS = 2;
let sandbox: TestSandbox;
let bench: TestBench;
let undisturbed: unknown[];

const complete = (id: string) => async () => (await bench.detail(id)).state === 'complete';

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: SETTLED_HISTORY_DAYS });
  bench = await createTestBench(sandbox);
  const { id } = await bench.collect(WEEKS);
  await bench.work(complete(id));
  undisturbed = await bench.totals();
  await bench.drop();
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  bench = await createTestBench(sandbox);
});
afterEach(async () => {
  await sandbox.clearFaults();
  await bench.drop();
});

/** The statements of a week's life, by what they write: table, kind of statement and what the new row looks like. */
const campaigns = { dataset: 'campaign_performance', version: 2 };
const STATEMENTS: Record<string, [table: string, on: 'INSERT' | 'UPDATE', when: string]> = {
  claim: ['week_runs', 'UPDATE', `NEW.state = 'creating' AND OLD.state = 'planned'`],
  note_create_attempt: ['week_runs', 'UPDATE', 'NEW.create_attempted_at IS NOT NULL AND OLD.create_attempted_at IS NULL'],
  mark_running: ['week_runs', 'UPDATE', `NEW.state = 'running' AND OLD.state = 'creating'`],
  keep_polling: ['week_runs', 'UPDATE', `NEW.state = 'running' AND OLD.state = 'running' AND NEW.lease_until IS NULL`],
  mark_succeeded: ['week_runs', 'UPDATE', `NEW.state = 'downloading' AND OLD.state = 'running'`],
  free_slots: ['instance_slots', 'UPDATE', 'NEW.run_id IS NULL AND OLD.run_id IS NOT NULL'],
  begin_merge: ['week_runs', 'UPDATE', `NEW.state = 'merging' AND OLD.state = 'downloading'`],
  insert_facts: [factTable(campaigns), 'INSERT', 'true'],
  roll_up: [rollupTable(campaigns, { name: 'total', dimensions: [], grains: ['week'] }, 'week'), 'INSERT', 'true'],
  store_file: ['result_files', 'INSERT', 'true'],
  accept_week: ['report_data_weeks', 'UPDATE', 'NEW.data_version > OLD.data_version'],
  mark_done: ['week_runs', 'UPDATE', `NEW.state = 'done'`],
  announce: ['outbox', 'INSERT', `NEW.kind = 'week'`],
};

/** The statement fails with the SQLSTATE so many times. A sequence counts: it forgets nothing when the transaction is rolled back. */
async function fail(name: string, sqlstate: string, times: number): Promise<void> {
  const [table, on, when] = STATEMENTS[name]!;
  await bench.query(`CREATE SEQUENCE fault_${name}`);
  await bench.query(
    `CREATE FUNCTION fault_${name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
       IF ${when} AND nextval('fault_${name}') <= ${times} THEN
         RAISE EXCEPTION 'injected into ${name}' USING ERRCODE = '${sqlstate}';
       END IF;
       RETURN NEW; END $$`,
  );
  await bench.query(`CREATE TRIGGER fault_${name} BEFORE ${on} ON ${table} FOR EACH ROW EXECUTE FUNCTION fault_${name}()`);
}

const reached = async (name: string): Promise<number> => {
  const [row] = await bench.query<{ value: string; called: boolean }>(`SELECT last_value AS value, is_called AS called FROM fault_${name}`);
  return row!.called ? Number(row!.value) : 0;
};

test.each([
  ['a serialization failure', '40001'],
  ['a deadlock', '40P01'],
  ['a cancelled statement', '57014'],
  ['too many connections', '53300'],
  ['a full disk', '53100'],
  ['a server that shuts down', '57P01'],
])('%s (%s) once in every statement of a week’s life loses nothing, doubles nothing and buys nothing twice', async (_what, sqlstate) => {
  const { id } = await bench.collect(WEEKS);
  await bench.skipValidation(id);
  for (const name of Object.keys(STATEMENTS)) await fail(name, sqlstate, 1);
  // A statement that failed leaves its week to whoever comes when the lease has ended.
  const settings = { leaseMs: 2_000, secondLookMs: 4_000_000, backOffMaxMs: 400_000 };
  // The executions run until they were polled, and polled again after the fault.
  await sandbox.holdExecutions();
  await bench.work(async () => (await reached('keep_polling')) > 1, settings);
  await sandbox.letExecutionsGoOn();
  await bench.work(complete(id), settings);
  const missed: string[] = [];
  for (const name of Object.keys(STATEMENTS)) if ((await reached(name)) === 0) missed.push(name);
  expect(missed).toEqual([]);
  expect(await bench.totals()).toEqual(undisturbed);
  expect(await bench.bought()).toHaveLength(WEEKS);
  expect(await bench.query('SELECT FROM instance_slots WHERE run_id IS NOT NULL')).toEqual([]);
  expect(await bench.query('SELECT DISTINCT data_version::int FROM report_data_weeks WHERE data_version > 0')).toEqual([
    { data_version: 1 },
  ]);
});

test('a database whose disk stays full shows so at the week, keeps nothing half, and finishes once there is space', async () => {
  const { id } = await bench.collect(1);
  await bench.skipValidation(id);
  await fail('store_file', '53100', 3);
  const seen = new Set<string>();
  await bench.work(async () => {
    // In one snapshot: between two the merge may commit.
    const [run] = await bench.query<{ state: string; error: string | null; rows: number }>(
      `SELECT state, error_code AS error, (SELECT count(*) FROM ${factTable(campaigns)})::int AS rows FROM week_runs WHERE collection_id = $1`,
      id,
    );
    if (run!.error !== null) seen.add(run!.error);
    if (run!.state !== 'done') expect(run!.rows).toBe(0);
    return run!.state === 'done';
  });
  expect(await reached('store_file')).toBeGreaterThan(3);
  expect([...seen]).toContain('disk_full');
  expect(await bench.bought()).toHaveLength(1);
});
