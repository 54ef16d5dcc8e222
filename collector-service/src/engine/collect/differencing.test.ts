import { metricQuerySchema, queryRequestSchema, type MetricQueryInput } from '../../contract/query.ts';
import { ask, createQueryCache, responseOf } from '../query/index.ts';
import { tableRows, valuesOf } from '@amc-reports/test-support/query/query-fixture.ts';
import { addDays } from '../../ground/calendar/week.ts';
import { retryWeek } from './collections/retry-week.ts';
import { DEFAULT_SETTINGS } from './settings.ts';
import { createTestBench, SETTLED_HISTORY_DAYS, settledWeek, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { TEST_SETTINGS } from '@amc-reports/test-support/collect/collector.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';

let sandbox: TestSandbox;
let bench: TestBench;
beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: SETTLED_HISTORY_DAYS });
  bench = await createTestBench(sandbox);
});
afterAll(async () => {
  await bench.drop();
  await sandbox.close();
});

const WEEK = settledWeek(0);
const DAY_MS = 86_400_000;
const framesOf = async (query: MetricQueryInput) => {
  const instance = { id: bench.instance.id, amcInstanceId: 'amcsandbox1', name: 'Sandbox', timeZone: 'America/Los_Angeles' };
  const range = { from: Date.parse(WEEK), to: Date.parse(addDays(WEEK, 7)) };
  const scope = { ...bench.ctx.scope, instances: [instance] };
  const results = await ask(
    { ...bench.ctx, cache: createQueryCache(), scope },
    queryRequestSchema.parse({ ...range, queries: [metricQuerySchema.parse(query)] }),
  );
  return responseOf(results).results.A!.frames!;
};
/** Everything an answer says: numbers, data as of, and the state of the week. */
const said = async () => {
  const numbers = await framesOf({ metrics: ['spend', 'sales', 'clicks'], format: 'numeric', filters: [] });
  const [states] = await framesOf({ queryType: 'freshness', dataset: 'campaign_performance', format: 'table' });
  return { values: valuesOf(numbers), freshness: numbers[0]!.schema.meta.custom!.freshness, weeks: tableRows(states) };
};

test('a restated week that differencing protection refuses rests for days, keeps its old slice, and is bought when the rest is over', async () => {
  const { id } = await bench.collect(1);
  const complete = async () => (await bench.detail(id)).state === 'complete';
  await bench.work(complete);
  const before = { ...(await said()), totals: await bench.totals() };
  expect(before.freshness).toMatchObject({ weeksMissing: [], dataAsOf: expect.any(String) });

  await sandbox.addFault({ name: 'differencing', match: { windowStart: WEEK } });
  await retryWeek(bench.ctx, { id, week: WEEK });
  // Days as they really pass: the sandbox's time runs faster, the rest shall not.
  const differencingParkMs = DEFAULT_SETTINGS.differencingParkMs * TEST_SETTINGS.timeFactor;
  const parked = async () => {
    const [run] = (await bench.detail(id)).weekList;
    return run!.state === 'planned' && run!.error !== null;
  };
  await bench.work(parked, { differencingParkMs });
  expect(await sandbox.fired('differencing')).toBe(1);

  const [week] = (await bench.detail(id)).weekList;
  expect(week).toMatchObject({
    state: 'planned',
    served: true,
    dataVersion: 1,
    attempt: 0,
    error: { code: 'execution_rejected', message: expect.stringContaining('waits in line') },
  });
  const restDays = (Date.parse(week!.notBefore!) - Date.now()) / DAY_MS;
  expect(restDays).toBeGreaterThan(1.9);
  expect(restDays).toBeLessThanOrEqual(2);
  // What is served is what was served, and answers say of when it is.
  expect({ ...(await said()), totals: await bench.totals() }).toEqual(before);
  expect(before.weeks).toMatchObject([{ state: 'complete', data_version: 1, restatements: 0 }]);
  expect(await bench.query('SELECT FROM instance_slots WHERE run_id IS NOT NULL')).toEqual([]);
  expect((await bench.detail(id)).state).toBe('running');

  await bench.query(`UPDATE week_runs SET not_before = now() WHERE state = 'planned'`);
  await bench.work(complete, { differencingParkMs });
  expect((await bench.detail(id)).weekList[0]).toMatchObject({ state: 'done', attempt: 0, error: null });
  expect((await said()).freshness.dataAsOf! > before.freshness.dataAsOf!).toBe(true);
  expect(await bench.bought()).toHaveLength(3);
});
