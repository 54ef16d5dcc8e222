import { createTestBench, SETTLED_HISTORY_DAYS, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';
import { startHttpProxy, type HttpProxy, type ProxiedAnswer } from '@amc-reports/test-support/http-proxy.ts';

let sandbox: TestSandbox;
let proxy: HttpProxy;
let bench: TestBench;

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: SETTLED_HISTORY_DAYS });
  proxy = await startHttpProxy(sandbox.url);
});
afterAll(async () => {
  await proxy.close();
  await sandbox.close();
});
beforeEach(async () => {
  bench = await createTestBench(sandbox);
  await bench.query('UPDATE connections SET api_url = $1', proxy.url);
});
afterEach(() => bench.drop());

/** Amazon has thought of a new status: every execution, whatever it does, is told to be in it. */
const inventive = (status: string) => {
  proxy.rewrite = (_request, answer): ProxiedAnswer => ({
    ...answer,
    body: answer.body.replaceAll(/"status":"(PENDING|RUNNING|SUCCEEDED)"/g, `"status":"${status}"`),
  });
};
const week = async (id: string) => (await bench.detail(id)).weekList[0]!;

test('a status that Amazon invents is shown as it is, and the week arrives when the execution ends', async () => {
  const { id } = await bench.collect(1);
  await bench.skipValidation(id);
  inventive('Reorganising');
  await bench.work(async () => (await week(id)).executionStatus === 'REORGANISING');
  expect(await week(id)).toMatchObject({ state: 'running', error: null });
  const before = proxy.seen.length;
  await bench.work(async () => proxy.seen.slice(before).filter(({ request }) => request.method === 'GET').length > 2);
  expect(await week(id)).toMatchObject({ state: 'running', error: null });
  proxy.rewrite = undefined;
  await bench.work(async () => (await bench.detail(id)).state === 'complete');
  expect(await bench.bought()).toHaveLength(1);
});

test('one that never ends fails its week at our own deadline and gives its slots back', async () => {
  const { id } = await bench.collect(1);
  await bench.skipValidation(id);
  inventive('LIMBO');
  await bench.work(async () => (await bench.detail(id)).weeks.failed === 1, { executionTimeoutSeconds: 900, timeFactor: 60_000 });
  expect(await week(id)).toMatchObject({ executionStatus: 'LIMBO', error: { code: 'execution_overdue' } });
  expect(await bench.query('SELECT FROM instance_slots WHERE run_id IS NOT NULL')).toEqual([]);
});
