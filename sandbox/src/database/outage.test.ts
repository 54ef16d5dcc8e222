import { startMortalPostgres, type MortalPostgres } from '@amc-reports/test-support/crash/mortal-postgres.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/sandbox/fixture.ts';

const sqlOf = (column: string) => `SELECT campaign, SUM(${column}) AS total FROM sponsored_ads_traffic GROUP BY campaign`;
const request = (column: string) => ({
  workflow: { sqlQuery: sqlOf(column) },
  timeWindowType: 'EXPLICIT',
  timeWindowStart: '2026-03-02T00:00:00',
  timeWindowEnd: '2026-03-09T00:00:00',
});

const elsewhere = process.env.TEST_POSTGRES_URL;
let postgres: MortalPostgres;
let amazon: TestSandbox;

beforeAll(async () => {
  postgres = await startMortalPostgres();
  process.env.TEST_POSTGRES_URL = postgres.adminUrl;
  amazon = await startTestSandbox();
});
afterAll(async () => {
  await amazon.stop();
  await postgres.destroy();
  process.env.TEST_POSTGRES_URL = elsewhere;
});

const statusOf = async (id: string) => String((await amazon.reporting('GET', `/workflowExecutions/${id}`)).body.status);
async function until(id: string, wanted: string): Promise<void> {
  for (let status = await statusOf(id); status !== wanted; status = await statusOf(id)) {
    expect(['PENDING', 'RUNNING']).toContain(status);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const create = async (column: string) =>
  (await amazon.reporting('POST', '/workflowExecutions', request(column))).body.workflowExecutionId as string;

/** Rows come in another order each time. */
const totals = async (column: string) => (await amazon.sql(sqlOf(column))).rows.map(String).sort();

it('a database that is killed under it is no fate of an execution: what was accepted is computed once it is back, what is sent meanwhile waits', async () => {
  // Its SQL is known to be right from here on, so that the next one of it waits for nothing but its turn.
  const before = await totals('impressions');
  // Amazon's own pace: nothing is computed before we say so.
  await amazon.control('POST', '/clock', { timeFactor: 1 });
  const inLine = await create('impressions');
  const unchecked = await create('clicks');
  await postgres.strike('SIGKILL');
  // The pace counts at once; the calendar beside it is stored, and cannot be now.
  await expect(amazon.control('POST', '/clock', { timeFactor: 100_000 })).rejects.toThrow('answered 500');
  await until(inLine, 'RUNNING');
  const sent = create('spend');
  await postgres.revive();
  const executions = [inLine, unchecked, await sent];
  for (const id of executions) await until(id, 'SUCCEEDED');
  expect(before.length).toBeGreaterThan(10);
  expect(await totals('impressions')).toEqual(before);

  // As stored, and not only as remembered.
  await amazon.restart();
  for (const id of executions) expect(await statusOf(id)).toBe('SUCCEEDED');
});
