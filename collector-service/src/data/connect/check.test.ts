import { ACCOUNT, INSTANCE, scriptedClient, type ScriptedClient } from '@amc-reports/test-support/amc/scripted-client.ts';
import { loadDatasets, SHIPPED_DATASETS } from '../catalogue/load.ts';
import type { Dataset } from '../catalogue/dataset.ts';
import { check, type CheckStep } from './check.ts';

const EXECUTIONS = '/amc/reporting/amcabc/workflowExecutions';
let datasets: Dataset[];
let scripted: ScriptedClient;
const ASKED = ['campaign_performance', 'reach_frequency'];
beforeAll(async () => (datasets = (await loadDatasets([SHIPPED_DATASETS])).filter(({ dataset }) => ASKED.includes(dataset))));
beforeEach(async () => {
  scripted = await scriptedClient();
  scripted.amc.on('GET /amc/accounts', { json: { amcAccounts: [{ ...ACCOUNT, accountName: 'Shop' }] } });
  scripted.amc.on('GET /amc/instances/amcabc', { json: { instanceId: 'amcabc', instanceName: 'One', advertiserTypes: ['SPONSORED_ADS'] } });
  scripted.amc.on('GET /amc/instances/amcabc/advertisers', {
    json: { advertisers: [{ id: 'a', type: 'SPONSORED_ADS', marketplaceId: 'ATVPDKIKX0DER' }] },
  });
  scripted.amc.on(`POST ${EXECUTIONS}`, { json: { workflowExecutionId: 'e1', status: 'SUCCEEDED' } });
});
afterEach(() => scripted.close());

async function steps(signal = new AbortController().signal): Promise<CheckStep[]> {
  const all: CheckStep[] = [];
  for await (const step of check(
    {
      client: scripted.client,
      instance: INSTANCE,
      datasets,
      now: new Date('2025-03-12T12:00:00Z'),
      validate: { pollMs: 1, deadlineMs: 60_000 },
    },
    signal,
  ))
    all.push(step);
  return all;
}
const brief = (all: CheckStep[]) => all.map((step) => `${step.step}: ${step.status}`);

test('a good connection is walked to the SQL, over the newest complete week in the marketplace’s zone', async () => {
  const all = await steps();
  expect(brief(all)).toEqual(['token: ok', 'account: ok', 'instance: ok', 'sql campaign_performance: ok', 'sql reach_frequency: ok']);
  expect(all[2]!.message).toBe('Instance One: 1 advertiser, SPONSORED_ADS, USD');
  const body = JSON.parse(scripted.amc.requests.find((seen) => seen.method === 'POST')!.body) as Record<string, unknown>;
  expect(body).toMatchObject({
    dryRun: true,
    timeWindowStart: '2025-03-03T00:00:00',
    timeWindowEnd: '2025-03-10T00:00:00',
    timeWindowTimeZone: 'America/Los_Angeles',
  });
});

test('a dataset that is only imported is not asked about', async () => {
  const asked = datasets;
  try {
    datasets = [{ ...asked[0]!, dataset: 'agency', sql: undefined }, asked[1]!];
    const all = await steps();
    expect(brief(all).slice(3)).toEqual(['sql agency: skipped', 'sql reach_frequency: ok']);
    expect(all[3]).toMatchObject({ message: expect.stringContaining('Only imported'), remedy: null });
  } finally {
    datasets = asked;
  }
});

test('a dataset for advertisers that the instance lacks is no mistake of the instance', async () => {
  const asked = datasets;
  try {
    datasets = [asked[0]!, (await loadDatasets([SHIPPED_DATASETS])).find(({ dataset }) => dataset === 'audience_segments')!];
    expect(await steps()).toMatchObject([
      {},
      {},
      {},
      { status: 'ok' },
      { status: 'skipped', message: 'Not for this instance: it has no advertisers of type DISPLAY', remedy: null },
    ]);
  } finally {
    datasets = asked;
  }
});

test('a step that fails says what to do, and what depends on it is skipped', async () => {
  scripted.amc.on('POST /auth/o2/token', { status: 400, body: '{"error":"invalid_grant"}' });
  const all = await steps();
  expect(brief(all)).toEqual([
    'token: failed',
    'account: skipped',
    'instance: skipped',
    'sql campaign_performance: skipped',
    'sql reach_frequency: skipped',
  ]);
  expect(all[0]!.remedy).toContain('AMC_REFRESH_TOKEN');
});

test('a wrong account names those the user sees', async () => {
  scripted.amc.on('GET /amc/accounts', { json: { amcAccounts: [{ accountId: 'ENTITY2', marketplaceId: 'A1PA6795UKMFR9' }] } });
  expect((await steps())[1]).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('It sees ENTITY2 in A1PA6795UKMFR9'),
    remedy: expect.stringContaining('AMC_ACCOUNT_ID'),
  });
});

test('a right account in the wrong marketplace names the right one', async () => {
  scripted.amc.on('GET /amc/accounts', { json: { amcAccounts: [{ accountId: ACCOUNT.accountId, marketplaceId: 'A1PA6795UKMFR9' }] } });
  expect((await steps())[1]!.message).toBe('Account ENTITY1 belongs to marketplace A1PA6795UKMFR9, not ATVPDKIKX0DER.');
});

test('terms that nobody accepted stop at the instance', async () => {
  scripted.amc.on('GET /amc/instances/amcabc', {
    status: 403,
    body: '{"code":"403","details":"Terms and conditions must be accepted to continue"}',
  });
  const all = await steps();
  expect(brief(all).slice(2)).toEqual(['instance: failed', 'sql campaign_performance: skipped', 'sql reach_frequency: skipped']);
  expect(all[2]!.remedy).toContain('accept the terms');
});

test('an account that is throttled, or a fault on Amazon’s side, is asked again before anything is called failed', async () => {
  scripted.amc.on(
    'GET /amc/accounts',
    { status: 429, headers: { 'retry-after': '0' }, body: '{}' },
    { status: 500, body: '{}' },
    { json: { amcAccounts: [{ ...ACCOUNT, accountName: 'Shop' }] } },
  );
  expect(brief(await steps())[1]).toBe('account: ok');
  expect(scripted.amc.requests.filter(({ path }) => path === '/amc/accounts')).toHaveLength(3);
});

test('an account that Amazon throttles for longer than a minute fails, and the message promises nothing', async () => {
  scripted.amc.on('GET /amc/accounts', { status: 429, headers: { 'retry-after': '120' }, body: '{}' });
  const [, account] = await steps();
  expect(account).toMatchObject({ status: 'failed', message: expect.not.stringContaining('tried again') });
  expect(account!.remedy).toContain('Wait a minute');
});

test('datasets are judged one by one', async () => {
  scripted.amc.on(
    `POST ${EXECUTIONS}`,
    { json: { workflowExecutionId: 'e1', status: 'REJECTED', statusReason: "Object 'x' not found" } },
    { json: { workflowExecutionId: 'e2', status: 'SUCCEEDED' } },
  );
  const all = await steps();
  expect(brief(all).slice(3)).toEqual(['sql campaign_performance: failed', 'sql reach_frequency: ok']);
  expect(all[3]!.message).toContain("Object 'x' not found");
});

test('a check that is stopped ends with the reason instead of more steps', async () => {
  const caller = new AbortController();
  caller.abort(new Error('stopping'));
  await expect(steps(caller.signal)).rejects.toThrow('stopping');
});
