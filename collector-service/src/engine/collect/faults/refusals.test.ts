import type { FaultInput } from '@amc-reports/sandbox/control/faults.ts';
import { pauseCollection } from '../collections/pause.ts';
import { resumeCollection } from '../collections/resume.ts';
import { TEST_SETTINGS } from '@amc-reports/test-support/collect/collector.ts';
import { createTestBench, SETTLED_HISTORY_DAYS, settledWeek, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';

/** What Amazon refuses for no good reason, once or for a while: one odd answer must not end a collection. */
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

const WORKFLOWS = '/workflows';
const EXECUTIONS = '/workflowExecutions';
const URLS = '/downloadUrls';

/** The hour lasts an hour, however long a busy machine takes; where it is to be over, it is made to have begun before. */
const PATIENT = { refusalMs: TEST_SETTINGS.timeFactor * 3_600_000 };

const stateOf = async (id: string) => (await bench.detail(id)).state;
const states = async (id: string) =>
  (
    await bench.query<{ action: string }>(
      `SELECT action FROM audit_log WHERE subject = 'collection ' || $1::text AND action IN ('collection.stop', 'collection.heal') ORDER BY id`,
      id,
    )
  ).map(({ action }) => action);
const boughtWeeks = async () => (await bench.bought()).map((each) => each.timeWindowStartOriginal.slice(0, 10)).sort();

const SLIPS: [string, FaultInput][] = [
  ['forbids to save the workflow', { name: 'forbidden', match: { method: 'POST', path: WORKFLOWS } }],
  ['calls the workflow a bad request', { name: 'refused', match: { method: 'POST', path: WORKFLOWS } }],
  ['does not know the instance that the workflow is for', { name: 'refused', status: 404, match: { method: 'POST', path: WORKFLOWS } }],
  ['forbids to create an execution', { name: 'forbidden', count: 2, match: { method: 'POST', path: EXECUTIONS } }],
  ['calls the execution a bad request', { name: 'refused', count: 2, match: { method: 'POST', path: EXECUTIONS } }],
  ['cannot process the execution', { name: 'refused', status: 422, count: 2, match: { method: 'POST', path: EXECUTIONS } }],
  ['does not know the instance', { name: 'refused', status: 404, count: 2, match: { method: 'POST', path: EXECUTIONS } }],
  ['forbids to list executions', { name: 'forbidden', count: 2, match: { method: 'GET', path: EXECUTIONS } }],
  ['does not know the instance whose executions are listed', { name: 'refused', status: 404, match: { method: 'GET', path: EXECUTIONS } }],
  ['lists executions in half a document', { name: 'malformed-answer', match: { method: 'GET', path: `${EXECUTIONS}?` } }],
  ['lists nothing', { name: 'empty-answer', match: { method: 'GET', path: `${EXECUTIONS}?` } }],
  [
    'asks for terms that were accepted',
    { name: 'forbidden', reason: 'Terms and conditions must be accepted to continue', match: { path: URLS } },
  ],
  ['forbids the download addresses', { name: 'forbidden', count: 2, match: { path: URLS } }],
  ['does not know the execution whose result is asked for', { name: 'refused', status: 404, match: { path: URLS } }],
  ['calls the question for the result a bad request', { name: 'refused', match: { path: URLS } }],
  ['answers that question with nothing', { name: 'empty-answer', match: { path: URLS } }],
  ['has no download addresses', { name: 'empty-download-urls', count: 2 }],
  ['revokes the grant', { name: 'invalid-grant' }],
  ['revokes the grant with 401', { name: 'invalid-grant', status: 401 }],
  ['refuses a fresh token', { name: 'token-expired', count: 2 }],
];
test.each(SLIPS)('Amazon %s by mistake: every week is done and bought once, and nothing stops', async (_what, fault) => {
  const { id } = await bench.collect(2);
  // A dry run is an execution too: what is to befall the paid ones must not befall it.
  if (fault.match?.path === EXECUTIONS) await bench.skipValidation(id);
  await sandbox.addFault(fault);
  await bench.work(async () => (await stateOf(id)) === 'complete', PATIENT);
  expect(await sandbox.fired(fault.name)).toBe(fault.count ?? 1);
  expect(await states(id)).toEqual([]);
  expect(await boughtWeeks()).toEqual([settledWeek(0), settledWeek(1)]);
  expect(await bench.detail(id)).toMatchObject({ refusal: null, stoppedAt: null, stopReason: null });
});

describe('what Amazon refuses for long', () => {
  const LASTING: [string, FaultInput, string][] = [
    ['takes back the grant', { name: 'invalid-grant' }, 'amc_grant_revoked'],
    ['forbids everything', { name: 'forbidden' }, 'amc_forbidden'],
    ['wants its terms accepted', { name: 'forbidden', reason: 'Terms and conditions must be accepted' }, 'amc_terms_not_accepted'],
  ];
  test.each(LASTING)(
    'Amazon %s: the next call confirms it, the collection stops, buys nothing, and heals when the cause is gone',
    async (_what, fault, code) => {
      const { id } = await bench.collect(2);
      await bench.skipValidation(id);
      await sandbox.addFault({ ...fault, count: 100_000 });
      await bench.work(async () => (await stateOf(id)) === 'stopped' && (await sandbox.fired(fault.name)) >= 2);
      const stopped = await bench.detail(id);
      expect(stopped).toMatchObject({ stoppedAt: expect.any(String), refusal: { code, nextTryAt: expect.any(String) } });
      expect(Date.parse(stopped.refusal!.since)).toBeLessThanOrEqual(Date.parse(stopped.stoppedAt!));
      expect(await bench.bought()).toEqual([]);

      // Refused by probes too, it stays stopped, and still nothing is bought.
      const tries = async () => (await bench.query<{ tries: number }>('SELECT tries FROM collection_refusals'))[0]!.tries;
      await bench.work(async () => (await tries()) >= 3);
      expect(await stateOf(id)).toBe('stopped');
      expect(await bench.bought()).toEqual([]);

      await sandbox.clearFaults();
      await bench.work(async () => (await stateOf(id)) === 'complete');
      expect(await states(id)).toEqual(['collection.stop', 'collection.heal']);
      expect(await boughtWeeks()).toEqual([settledWeek(0), settledWeek(1)]);
      expect(await bench.detail(id)).toMatchObject({ refusal: null, stoppedAt: null });
    },
  );

  test('only creating is refused: nothing is bought while it is tried again, and after an hour of it the collection stops', async () => {
    const { id } = await bench.collect(2);
    await bench.skipValidation(id);
    await sandbox.addFault({ name: 'forbidden', count: 100_000, match: { method: 'POST', path: EXECUTIONS } });
    await bench.work(async () => (await bench.detail(id)).refusal !== null, PATIENT);
    expect(await bench.detail(id)).toMatchObject({ state: 'running', stoppedAt: null, refusal: { code: 'amc_forbidden' } });
    await bench.query(`UPDATE collection_refusals SET since = now() - interval '1 hour', next_try_at = now()`);
    await bench.query(`UPDATE week_runs SET not_before = now()`);
    await bench.work(async () => (await stateOf(id)) === 'stopped');

    // The probe asks for just that, as a dry run.
    const { dryRuns } = await sandbox.stats();
    await sandbox.clearFaults();
    await bench.work(async () => (await stateOf(id)) === 'complete');
    expect((await sandbox.stats()).dryRuns).toBeGreaterThan(dryRuns);
    expect(await boughtWeeks()).toEqual([settledWeek(0), settledWeek(1)]);
  });

  test('a result that Amazon refuses to its collection only is asked for until it comes, also after a stop', async () => {
    const { id } = await bench.collect(1);
    await sandbox.addFault({ name: 'forbidden', count: 100_000, match: { path: URLS } });
    await bench.work(async () => (await bench.detail(id)).refusal !== null, PATIENT);
    await bench.query(`UPDATE collection_refusals SET since = now() - interval '1 hour', next_try_at = now()`);
    await bench.query(`UPDATE week_runs SET not_before = now()`);
    await bench.work(async () => (await stateOf(id)) === 'stopped');
    await sandbox.clearFaults();
    await bench.work(async () => (await stateOf(id)) === 'complete');
    expect(await bench.bought()).toHaveLength(1);
  });
});

test('a result that Amazon denies for an hour fails its week and nothing else', async () => {
  const { id } = await bench.collect(2);
  await sandbox.addFault({ name: 'refused', status: 404, count: 100_000, match: { path: URLS } });
  await bench.work(async () => (await bench.query(`SELECT FROM week_runs WHERE failing_since IS NOT NULL`)).length === 2, PATIENT);
  await bench.query(`UPDATE week_runs SET failing_since = now() - interval '1 hour', not_before = now() WHERE week = $1`, settledWeek(0));
  await bench.work(async () => (await bench.detail(id)).weeks.failed === 1, PATIENT);
  await sandbox.clearFaults();
  await bench.work(async () => (await bench.detail(id)).weeks.done === 1, PATIENT);
  expect((await bench.detail(id)).weekList[0]!.error).toMatchObject({ code: 'amc_not_found' });
  expect(await stateOf(id)).toBe('running');
});

test('an execution that Amazon does not find is looked for again before the week is given up', async () => {
  const { id } = await bench.collect(1);
  await bench.skipValidation(id);
  await sandbox.addFault({ name: 'empty-answer', count: 3, match: { method: 'GET', path: `${EXECUTIONS}?` } });
  await sandbox.addFault({ name: 'refused', status: 404, count: 2, match: { method: 'GET', path: `${EXECUTIONS}/` } });
  await bench.work(async () => (await stateOf(id)) === 'complete', { ...PATIENT, secondLookMs: 1 });
  expect(await sandbox.fired('refused')).toBe(2);
  expect(await bench.bought()).toHaveLength(1);
});

test('SQL that Amazon rejects stops at once, in both ways of saying so, and nothing is bought', async () => {
  await sandbox.post('behaviour', { syncValidation: true });
  try {
    for (const sync of [false, true]) {
      await sandbox.post('behaviour', { syncValidation: sync });
      const { id } = await bench.collect(1, sync ? 'reach_frequency' : 'campaign_performance');
      await bench.query(`UPDATE report_data_collections SET sql_text = 'SELECT nonsense FROM nowhere' WHERE id = $1`, id);
      await bench.work(async () => (await stateOf(id)) === 'stopped');
      expect((await bench.detail(id)).refusal === null).toBe(!sync);
    }
  } finally {
    await sandbox.post('behaviour', { syncValidation: null });
  }
  expect(await bench.bought()).toEqual([]);
});

test('a paused collection stays paused, and resuming begins with a clean slate', async () => {
  const { id } = await bench.collect(1);
  await bench.skipValidation(id);
  await sandbox.holdExecutions();
  await bench.work(async () => (await bench.detail(id)).weeks.running === 1);
  await pauseCollection(bench.ctx, { id });
  await sandbox.addFault({ name: 'forbidden', count: 100_000 });
  await bench.work(async () => (await bench.detail(id)).refusal !== null, PATIENT);
  expect(await stateOf(id)).toBe('paused');
  await sandbox.clearFaults();
  await resumeCollection(bench.ctx, { id });
  expect(await bench.detail(id)).toMatchObject({ state: 'running', refusal: null });
  await bench.work(async () => (await stateOf(id)) === 'complete');
});
