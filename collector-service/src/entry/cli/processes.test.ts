import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { eventually } from '@amc-reports/test-support/collect/bench.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';
import { createTestDatabase, type TestDatabase } from '@amc-reports/test-support/database.ts';
import { sandboxEnvironment } from './sandbox-service.ts';
import { createInstallation, type Command, type Installation } from '@amc-reports/test-support/cli/serve.ts';

const WEEKS = 10;
const TOKEN = randomBytes(32).toString('hex');
const PROVISIONING = `
connections:
  - { name: amazon, apiUrl: '\${AMC_API_URL}', tokenUrl: '\${AMC_TOKEN_URL}', clientId: '\${AMC_CLIENT_ID}', clientSecret: '\${AMC_CLIENT_SECRET}', refreshToken: '\${AMC_REFRESH_TOKEN}' }
instances:
  - { connection: amazon, amcInstanceId: '\${AMC_INSTANCE_ID}', account: '\${AMC_ACCOUNT_ID}', marketplace: '\${AMC_MARKETPLACE_ID}' }
collections:
  - { instance: '\${AMC_INSTANCE_ID}', dataset: campaign_performance, weeks: ${WEEKS} }
`;

let sandbox: TestSandbox;
let database: TestDatabase;
let db: pg.Pool;
let installation: Installation;

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: 110 });
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  database = await createTestDatabase();
  db = new pg.Pool({ connectionString: database.url, max: 2 });
  installation = await createInstallation(
    {
      ...sandboxEnvironment(sandbox.url),
      DATABASE_URL: database.url,
      ENCRYPTION_KEY: randomBytes(32).toString('base64'),
      COLLECTOR_TOKEN: TOKEN,
      TIME_FACTOR: '400',
      INSTANCE_CONCURRENCY: '4',
      LOG_LEVEL: 'info',
    },
    { 'amc.yaml': PROVISIONING },
  );
});
afterEach(async () => {
  await installation.end();
  await sandbox.clearFaults();
  await db.end();
  await database.drop();
});

const query = async <T>(sql: string, ...values: unknown[]): Promise<T[]> => (await db.query(sql, values)).rows as T[];
const done = async () => (await query<{ n: number }>(`SELECT count(*)::int AS n FROM week_runs WHERE state = 'done'`))[0]!.n;
const bought = async () => (await sandbox.executions()).filter(({ dryRun }) => !dryRun).length;
/** Runs that a process holds by a lease. */
const heldBy = ({ child }: Command) =>
  query<{ id: string; fence: string; state: string }>(
    `SELECT id, fence, state FROM week_runs WHERE lease_owner LIKE '%:' || $1 || ':%' AND lease_until > now()`,
    String(child.pid),
  );
async function startWorker(): Promise<Command> {
  const worker = installation.run(['serve', '--mode', 'worker']);
  await worker.logged('The worker runs');
  return worker;
}

test('one process answers and three collect together; each that is stopped or killed in between leaves nothing behind', async () => {
  const before = await bought();
  const api = installation.run(['serve', '--mode', 'api']);
  await api.logged('The collector answers at');
  const url = /answers at (http:\S+?)"/.exec(api.stderr())![1]!;
  const workers = [await startWorker(), await startWorker(), await startWorker()];

  await eventually(async () => (await done()) >= 2);
  const stopped = workers[0]!;
  stopped.child.kill('SIGTERM');
  expect(await stopped.ended).toBe(0);
  expect(await heldBy(stopped)).toEqual([]);

  await eventually(async () => (await heldBy(workers[1]!)).length > 0 || (await done()) === WEEKS);
  workers[1]!.child.kill('SIGKILL');
  const orphans = await heldBy(workers[1]!);
  await startWorker();
  await eventually(async () => (await done()) === WEEKS);
  for (const { id, fence } of orphans) {
    const [run] = await query<{ fence: string }>('SELECT fence FROM week_runs WHERE id = $1', id);
    expect(Number(run!.fence)).toBeGreaterThan(Number(fence));
  }
  expect(await bought()).toBe(before + WEEKS);
  expect(await query('SELECT FROM instance_slots WHERE run_id IS NOT NULL')).toEqual([]);
  const owners = await query<{ n: number }>(`SELECT count(*)::int AS n FROM audit_log WHERE action = 'collection.create'`);
  expect(owners).toEqual([{ n: 1 }]);

  const answer = await fetch(`${url}/v1/collections`, { headers: { authorization: `Bearer ${TOKEN}` } });
  expect(await answer.json()).toMatchObject({ collections: [{ state: 'complete', weeks: { done: WEEKS } }] });
});

test('a worker that is stopped in the middle of a request gives its runs back, and another one goes on with them at once', async () => {
  const worker = await startWorker();
  await eventually(async () => (await query(`SELECT FROM week_runs WHERE state = 'running'`)).length > 0);
  // The next poll is answered after ten minutes: only giving up ends it in time.
  await sandbox.addFault({ name: 'slow', seconds: 600, match: { method: 'GET', path: '/workflowExecutions' } });
  await eventually(async () => (await sandbox.fired('slow')) === 1 && (await heldBy(worker)).length > 0);
  const held = await heldBy(worker);
  const other = await startWorker();
  const takenOver = async () => {
    const rows = await query<{ id: string; fence: string }>('SELECT id, fence FROM week_runs');
    return held.every(({ id, fence }) => Number(rows.find((row) => row.id === id)!.fence) > Number(fence));
  };
  expect(await takenOver()).toBe(false);
  const askedAt = performance.now();
  worker.child.kill('SIGTERM');
  await eventually(async () => (await heldBy(worker)).length === 0);
  const releasedAt = performance.now();
  await eventually(takenOver);
  const takenAt = performance.now();
  expect(await worker.ended).toBe(0);
  process.stderr.write(
    `stop under way ${seconds(performance.now() - askedAt)}, leases given back after ${seconds(releasedAt - askedAt)}, taken over ${seconds(takenAt - releasedAt)} later\n`,
  );
  await eventually(async () => (await done()) === WEEKS);
  expect(other.child.exitCode).toBeNull();
});

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

test.each([300, 1_100, 2_300, 3_700])('SIGTERM %d ms after the start leaves no lease and no slot that nobody answers for', async (ms) => {
  const worker = installation.run(['serve', '--mode', 'all']);
  await new Promise((resolve) => setTimeout(resolve, ms));
  worker.child.kill('SIGTERM');
  expect([0, 130, 'SIGTERM']).toContain(await worker.ended);
  const [tables] = await query<{ found: boolean }>(`SELECT to_regclass('week_runs') IS NOT NULL AS found`);
  if (tables!.found) expect(await heldBy(worker)).toEqual([]);
  const next = await startWorker();
  await eventually(async () => (await done()) === WEEKS);
  next.child.kill('SIGTERM');
  expect(await next.ended).toBe(0);
});
