import { readdirSync } from 'node:fs';
import { pino } from 'pino';
import type { Dataset } from '../catalogue/dataset.ts';
import { loadDatasets, SHIPPED_DATASETS } from '../catalogue/load.ts';
import { datasetSql } from '../catalogue/sql.ts';
import { check } from '../connect/check.ts';
import { discoverInstance } from '../connect/discover.ts';
import {
  SANDBOX_ACCOUNT_ID,
  SANDBOX_CLIENT_ID,
  SANDBOX_CLIENT_SECRET,
  SANDBOX_INSTANCE_ID,
  SANDBOX_MARKETPLACE_ID,
  SANDBOX_REFRESH_TOKEN,
  SANDBOX_SPONSORED_INSTANCE_ID,
} from '@amc-reports/sandbox/account.ts';
import { startTestSandbox, TEST_NOW, type TestSandbox } from '@amc-reports/test-support/sandbox/fixture.ts';
import { createAmcClient, type AmcClient } from './client.ts';
import type { Execution } from './execution.ts';
import { failureOf } from '@amc-reports/test-support/amc/scripted-client.ts';
import { hasWindow } from './window.ts';

/** The client against the sandbox: two readings of the same protocol, written apart, meet here. */
const signal = new AbortController().signal;
const ACCOUNT = { accountId: SANDBOX_ACCOUNT_ID, marketplaceId: SANDBOX_MARKETPLACE_ID };
const INSTANCE = { ...ACCOUNT, instanceId: SANDBOX_INSTANCE_ID };
const window = { start: '2026-03-02', end: '2026-03-09', timeZone: 'America/Los_Angeles' };

let sandbox: TestSandbox;
let client: AmcClient;
let datasets: Dataset[];
beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: 30 });
  datasets = await loadDatasets([SHIPPED_DATASETS]);
});
afterAll(() => sandbox.stop());
beforeEach(() => (client = clientWith({})));
afterEach(() => client.close());

const clientWith = (change: { clientSecret?: string; refreshToken?: string }) =>
  createAmcClient({
    apiUrl: sandbox.sandbox.url,
    tokenUrl: `${sandbox.sandbox.url}/auth/o2/token`,
    clientId: SANDBOX_CLIENT_ID,
    clientSecret: SANDBOX_CLIENT_SECRET,
    refreshToken: SANDBOX_REFRESH_TOKEN,
    logger: pino({ level: 'silent' }),
    ...change,
  });

async function finished(executionId: string): Promise<Execution> {
  for (;;) {
    const execution = await client.executions.get(INSTANCE, executionId, signal);
    if (execution.outcome !== 'open') return execution;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function download(executionId: string): Promise<string[]> {
  const files: string[] = [];
  for (const url of await client.results.urls(INSTANCE, executionId, signal)) {
    const part = await client.results.open(url, signal);
    const chunks: Uint8Array[] = [];
    for await (const chunk of part.body) chunks.push(chunk);
    const file = Buffer.concat(chunks);
    if (part.contentLength !== null) expect(file).toHaveLength(part.contentLength);
    files.push(file.toString());
  }
  return files;
}

test('account, instances, advertisers and data sources are found', async () => {
  expect(await client.accounts.list(signal)).toContainEqual(expect.objectContaining(ACCOUNT));
  const instances = await client.instances.list(ACCOUNT, signal);
  expect(instances.map((instance) => instance.instanceId)).toEqual(
    expect.arrayContaining([SANDBOX_INSTANCE_ID, SANDBOX_SPONSORED_INSTANCE_ID]),
  );
  expect(await discoverInstance(client, INSTANCE, signal)).toMatchObject({
    advertiserTypes: ['DISPLAY', 'SPONSORED_ADS'],
    currencies: ['USD', 'EUR'],
    timeZone: 'America/Los_Angeles',
  });
  expect((await client.dataSources.list(INSTANCE, signal)).map((source) => source.dataSourceId)).toContain('sponsored_ads_traffic');
});

test.each([SANDBOX_INSTANCE_ID, SANDBOX_SPONSORED_INSTANCE_ID])(
  'every shipped dataset passes the check on instance %s, unless the instance has none of its advertisers',
  async (instanceId) => {
    const target = { client, instance: { ...INSTANCE, instanceId }, datasets, now: TEST_NOW, validate: { pollMs: 10, deadlineMs: 30_000 } };
    const isSponsored = instanceId === SANDBOX_SPONSORED_INSTANCE_ID;
    for await (const { step, status } of check(target, signal)) {
      const isOfDsp = /^sql (audience_segments|geography_devices)/.test(step);
      expect([step, status]).toEqual([step, isSponsored && isOfDsp ? 'skipped' : 'ok']);
    }
  },
);

const SHIPPED = readdirSync(SHIPPED_DATASETS).filter((file) => file.endsWith('.yaml'));

test.each(SHIPPED)('%s goes from workflow to result file with the columns it declares', async (file) => {
  const dataset = datasets.find((each) => `${each.dataset}.yaml` === file)!;
  const { advertiserTypes, currencies } = await discoverInstance(client, INSTANCE, signal);
  const workflowId = `walk_${dataset.dataset}`;
  const sqlQuery = datasetSql(dataset, { timeZone: window.timeZone, advertiserTypes, currencies });
  const definition = { workflowId, sqlQuery, filteredColumn: dataset.sql!.filtered_column };
  await client.workflows.put(INSTANCE, definition, signal);
  await client.workflows.put(INSTANCE, definition, signal);
  expect(await client.workflows.get(INSTANCE, workflowId, signal)).toMatchObject({
    sqlQuery,
    filteredMetricsDiscriminatorColumn: dataset.sql!.filtered_column ?? null,
  });

  const created = await client.executions.create(INSTANCE, { workflowId, window }, signal);
  expect(created).toMatchObject({ outcome: 'open', workflowId });
  expect(hasWindow(created, window)).toBe(true);
  expect(await finished(created.executionId)).toMatchObject({ outcome: 'succeeded' });
  const listed = await client.executions.list(
    INSTANCE,
    { createdSince: new Date(Date.parse(created.createdAt!) - 1000), workflowId },
    signal,
  );
  expect(listed.filter((execution) => hasWindow(execution, window)).map((execution) => execution.executionId)).toEqual([
    created.executionId,
  ]);

  const files = await download(created.executionId);
  for (const file of files) {
    expect(file.split('\n')[0]!.trim().split(',').sort()).toEqual(dataset.columns.map((column) => column.name).sort());
  }
  expect(files.join('').split('\n').length).toBeGreaterThan(5);
});

test('SQL that AMC refuses ends rejected, with a reason', async () => {
  await client.workflows.put(
    INSTANCE,
    { workflowId: 'bad', sqlQuery: 'SELECT nothing_known, SUM(impressions) AS i FROM sponsored_ads_traffic GROUP BY nothing_known' },
    signal,
  );
  const created = await client.executions.create(INSTANCE, { workflowId: 'bad', window }, signal);
  const execution = await finished(created.executionId);
  expect(execution.outcome).toBe('rejected');
  expect(execution.statusReason).toMatch(/nothing_known/i);
  expect(await failureOf(client.results.urls(INSTANCE, created.executionId, signal))).toMatchObject({ code: 'amc_not_ready' });
});

test('wrong credentials, accounts and instances are told apart', async () => {
  const wrongSecret = clientWith({ clientSecret: 'wrong' });
  const revoked = clientWith({ refreshToken: 'Atzr|revoked' });
  expect(await failureOf(wrongSecret.authorize(signal))).toMatchObject({ code: 'amc_bad_credentials' });
  expect(await failureOf(revoked.authorize(signal))).toMatchObject({ code: 'amc_grant_revoked' });
  await Promise.all([wrongSecret.close(), revoked.close()]);
  expect(await failureOf(client.instances.get({ ...INSTANCE, accountId: 'ENTITYWRONG' }, signal))).toMatchObject({ code: 'amc_forbidden' });
  expect(await failureOf(client.instances.get({ ...INSTANCE, instanceId: 'amcnone' }, signal))).toMatchObject({
    code: expect.stringMatching(/^amc_(not_found|forbidden)$/),
  });
  expect(await failureOf(client.workflows.get(INSTANCE, 'none', signal))).toMatchObject({ code: 'amc_not_found' });
});

describe('faults', () => {
  const workflowId = 'faulty';
  const create = () => client.executions.create(INSTANCE, { workflowId, window }, signal);
  const fault = (input: object) => sandbox.control('POST', '/faults', input);
  beforeAll(async () => {
    const one = clientWith({});
    const sqlQuery = 'SELECT advertiser, SUM(impressions) AS impressions FROM sponsored_ads_traffic GROUP BY advertiser';
    await one.workflows.put(INSTANCE, { workflowId, sqlQuery }, signal);
    await one.close();
  });
  afterEach(() => sandbox.control('DELETE', '/faults'));

  test.each<[object, object]>([
    [
      { name: 'throttle', seconds: 3 },
      { code: 'amc_throttled', kind: 'throttled', retryAfterMs: 3000, details: { sent: false } },
    ],
    [{ name: 'throttle-bare' }, { code: 'amc_throttled', retryAfterMs: undefined }],
    [{ name: 'throttle-html' }, { code: 'amc_throttled', kind: 'throttled' }],
    [
      { name: 'server-error', status: 502 },
      { code: 'amc_server_error', kind: 'transient', details: { sent: true } },
    ],
    [{ name: 'dropped-connection' }, { code: 'amc_unreachable', kind: 'transient', details: { sent: true } }],
  ])('%j is told for what it is', async (input, expected) => {
    await client.authorize(signal);
    await fault({ ...input, match: { path: 'workflowExecutions' } });
    expect(await failureOf(create())).toMatchObject(expected);
  });

  test.each(['request-timeout-after-create', 'create-answer-lost'])('after %s the execution is found by listing', async (name) => {
    const createdSince = new Date((await create()).createdAt!);
    const before = await client.executions.list(INSTANCE, { createdSince, workflowId }, signal);
    await fault({ name });
    expect(await failureOf(create())).toMatchObject({ kind: 'transient', details: { sent: true } });
    const after = await client.executions.list(INSTANCE, { createdSince, workflowId }, signal);
    const orphans = after.filter((execution) => !before.some((known) => known.executionId === execution.executionId));
    expect(orphans).toHaveLength(1);
    expect(hasWindow(orphans[0]!, window)).toBe(true);
  });

  test('an access token that ended early is replaced without anybody noticing', async () => {
    await client.authorize(signal);
    await fault({ name: 'token-expired' });
    await expect(client.accounts.list(signal)).resolves.toHaveLength(1);
  });

  test('an expired address and a cut file are told apart from the end of a file', async () => {
    const { executionId } = await create();
    expect(await finished(executionId)).toMatchObject({ outcome: 'succeeded' });
    await fault({ name: 'url-expired' });
    expect(await failureOf(download(executionId))).toMatchObject({ code: 'amc_url_expired', kind: 'transient' });
    await fault({ name: 'file-truncated' });
    expect(await failureOf(download(executionId))).toMatchObject({ code: 'amc_unreachable', kind: 'transient' });
    expect((await download(executionId)).join('')).toMatch(/^advertiser,impressions\r?\n/i);
  });

  test.each([
    ['rejected', 'rejected'],
    ['failed', 'failed'],
    ['differencing', 'rejected'],
  ])('an execution with fault %s ends %s', async (name, outcome) => {
    await fault({ name });
    expect(await finished((await create()).executionId)).toMatchObject({ outcome, statusReason: expect.stringMatching(/\w/) });
  });

  test('a cancelled execution is listed, and cannot be cancelled again', async () => {
    await fault({ name: 'slow-execution', factor: 1_000_000 });
    const { executionId, createdAt } = await create();
    await client.executions.cancel(INSTANCE, executionId, signal);
    const listed = await client.executions.list(INSTANCE, { createdSince: new Date(createdAt!) }, signal);
    expect(listed.find((execution) => execution.executionId === executionId)).toMatchObject({ outcome: 'cancelled' });
    expect(await failureOf(client.executions.cancel(INSTANCE, executionId, signal))).toMatchObject({ code: 'amc_rejected_request' });
  });
});
