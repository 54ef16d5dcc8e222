import { inspect } from 'node:util';
import type { RequestLimiter } from './limiter.ts';
import {
  ACCOUNT,
  CLIENT_SECRET,
  failureOf,
  INSTANCE,
  scriptedClient,
  type ScriptedClient,
} from '@amc-reports/test-support/amc/scripted-client.ts';
import type { ScriptedAnswer } from '@amc-reports/test-support/amc/scripted-amc.ts';

const signal = new AbortController().signal;
const WORKFLOW = 'GET /amc/reporting/amcabc/workflows/w1';
const CREATE = 'POST /amc/reporting/amcabc/workflowExecutions';
const window = { start: '2025-03-03', end: '2025-03-10', timeZone: 'America/New_York' };

let clock: number;
let throttled: (number | undefined)[];
let admissions: number;
let limiter: RequestLimiter;
let scripted: ScriptedClient;
beforeEach(async () => {
  clock = Date.UTC(2025, 0, 1);
  throttled = [];
  admissions = 0;
  limiter = {
    acquire: async () => void admissions++,
    throttled: async (wait) => void throttled.push(wait),
  };
  scripted = await scriptedClient({ now: () => clock, limiter });
});
afterEach(() => scripted.close());

const readWorkflow = () => scripted.client.workflows.get(INSTANCE, 'w1', signal);
const create = () => scripted.client.executions.create(INSTANCE, { workflowId: 'w1', window }, signal);
const workflow = { json: { workflowId: 'w1', sqlQuery: 'SELECT 1' } };

describe('requests', () => {
  test('carry token, client id, account and marketplace', async () => {
    scripted.amc.on(WORKFLOW, workflow);
    await readWorkflow();
    expect(scripted.amc.requests[0]!.headers).toMatchObject({
      authorization: 'Bearer Atza|token-1',
      'amazon-advertising-api-clientid': 'amzn1.application-oa2-client.test',
      'amazon-advertising-api-advertiserid': ACCOUNT.accountId,
      'amazon-advertising-api-marketplaceid': ACCOUNT.marketplaceId,
    });
  });

  test('for the list of accounts name no account', async () => {
    scripted.amc.on('GET /amc/accounts', { json: { amcAccounts: [] } });
    await scripted.client.accounts.list(signal);
    expect(scripted.amc.requests[0]!.headers).not.toHaveProperty('amazon-advertising-api-advertiserid');
  });

  test('escape ids in paths', async () => {
    scripted.amc.on('GET /amc/reporting/amcabc/workflows/a%2F..%2Fb%3Fc', workflow);
    await scripted.client.workflows.get(INSTANCE, 'a/../b?c', signal);
    expect(scripted.amc.requests).toHaveLength(1);
  });

  test('ask the limiter each time, and tell it of every 429', async () => {
    scripted.amc.on(WORKFLOW, { status: 429, headers: { 'retry-after': '3' } }, { status: 429, body: '<html>slow down</html>' }, workflow);
    await failureOf(readWorkflow());
    await failureOf(readWorkflow());
    await readWorkflow();
    expect(admissions).toBe(3);
    expect(throttled).toEqual([3000, undefined]);
  });

  test('are not sent when the limiter refuses', async () => {
    limiter.acquire = async () => {
      throw new Error('bucket lost');
    };
    expect(await failureOf(readWorkflow())).toMatchObject({ message: 'bucket lost' });
    expect(scripted.amc.requests).toEqual([]);
  });

  test('pass on what goes wrong in the limiter, not as a fault of Amazon', async () => {
    scripted.amc.on(WORKFLOW, { status: 429 });
    limiter.throttled = async () => {
      throw new Error('bucket lost');
    };
    expect(await failureOf(readWorkflow())).toMatchObject({ message: 'bucket lost' });
  });

  test('are logged with method, path, status and Amazon’s id, and without secrets', async () => {
    scripted.amc.on(WORKFLOW, {
      status: 200,
      headers: { 'x-amz-request-id': 'ABCDEFGHIJKLMNOPQRST' },
      body: JSON.stringify(workflow.json),
    });
    await readWorkflow();
    const line = scripted.log
      .map((entry) => JSON.parse(entry) as Record<string, unknown>)
      .find((entry) => entry.path === '/amc/reporting/amcabc/workflows/w1');
    expect(line).toMatchObject({ method: 'GET', status: 200, requestId: 'ABCDEFGHIJKLMNOPQRST', ms: expect.any(Number) });
    expect(scripted.log.join('')).not.toMatch(new RegExp(`${CLIENT_SECRET}|Atz[ar]`));
  });
});

describe('a refused token', () => {
  test('is replaced once and the request repeated', async () => {
    scripted.amc.on(WORKFLOW, { status: 401, body: '{"code":"401","details":"expired"}' }, workflow);
    await expect(readWorkflow()).resolves.toMatchObject({ workflowId: 'w1' });
    expect(scripted.amc.requests.map((seen) => seen.headers.authorization)).toEqual(['Bearer Atza|token-1', 'Bearer Atza|token-2']);
  });

  test('is not replaced for ever', async () => {
    scripted.amc.on(WORKFLOW, { status: 401, body: '{"code":"401","details":"no"}' });
    expect(await failureOf(readWorkflow())).toMatchObject({ code: 'amc_bad_credentials', kind: 'terminal' });
    expect(scripted.amc.requests).toHaveLength(2);
    expect(scripted.amc.tokenRequests).toHaveLength(2);
  });

  test('of several requests at once is replaced by one refresh', async () => {
    let refusals = 0;
    scripted.amc.on(WORKFLOW, (seen, response) => {
      if (seen.headers.authorization === 'Bearer Atza|token-1') {
        refusals++;
        response.writeHead(401).end();
      } else response.end(JSON.stringify(workflow.json));
    });
    await Promise.all([readWorkflow(), readWorkflow(), readWorkflow()]);
    expect(refusals).toBe(3);
    expect(scripted.amc.tokenRequests).toHaveLength(2);
  });

  test('may show as 403, and then is replaced', async () => {
    scripted.amc.on(WORKFLOW, workflow, { status: 403 }, workflow);
    await readWorkflow();
    clock += 1;
    await expect(readWorkflow()).resolves.toMatchObject({ workflowId: 'w1' });
    expect(scripted.amc.tokenRequests).toHaveLength(2);
  });

  test('is not suspected of a 403 when it was fetched for this very request', async () => {
    scripted.amc.on(WORKFLOW, { status: 403, body: '{"code":"403","details":"Not authorized"}' });
    expect(await failureOf(readWorkflow())).toMatchObject({
      code: 'amc_forbidden',
      kind: 'terminal',
      message: expect.stringContaining('Not authorized'),
    });
    expect(scripted.amc.requests).toHaveLength(1);
  });
});

describe('answers', () => {
  test.each<[string, ScriptedAnswer]>([
    ['bare', workflow],
    ['wrapped as the specification says', { json: { workflow: workflow.json } }],
    ['with unknown fields', { json: { ...workflow.json, somethingNew: { deep: [1] } } }],
    ['as octet-stream', { status: 200, headers: { 'content-type': 'application/octet-stream' }, body: JSON.stringify(workflow.json) }],
    ['with a byte order mark and line ends', { status: 200, body: `\uFEFF\r\n${JSON.stringify(workflow.json)}\r\n` }],
  ])('are understood %s', async (_, answer) => {
    scripted.amc.on(WORKFLOW, answer);
    await expect(readWorkflow()).resolves.toEqual({ workflowId: 'w1', sqlQuery: 'SELECT 1', filteredMetricsDiscriminatorColumn: null });
  });

  test.each<[string, ScriptedAnswer, string]>([
    ['HTML with status 200', { status: 200, body: '<html>Sign in</html>' }, 'transient'],
    ['JSON of another kind', { json: { workflowId: 17 } }, 'terminal'],
    ['null', { json: null }, 'terminal'],
    ['a list', { json: [] }, 'terminal'],
    ['half of the JSON', { status: 200, body: '{"workflowId":"w1","sql' }, 'transient'],
  ])('that make no sense (%s) are refused', async (_, answer, kind) => {
    scripted.amc.on(WORKFLOW, answer);
    expect(await failureOf(readWorkflow())).toMatchObject({ code: 'amc_bad_answer', kind, details: { sent: true } });
  });

  test('that never end are cut off', async () => {
    const patient = await scriptedClient();
    patient.amc.on(WORKFLOW, (_, response) => {
      const megabyte = Buffer.alloc(1_048_576, ' ');
      const pour = () => {
        while (!response.destroyed && response.write(megabyte));
      };
      response.on('drain', pour);
      pour();
    });
    expect(await failureOf(patient.client.workflows.get(INSTANCE, 'w1', signal))).toMatchObject({
      code: 'amc_bad_answer',
      message: expect.stringContaining('32 MB'),
    });
    await patient.close();
  });
});

describe('errors', () => {
  test.each<[string, ScriptedAnswer, object]>([
    [
      '400 with a string code',
      { status: 400, body: '{"code":"400","details":"SQL query was invalid: Object \'x\' not found"}' },
      { code: 'amc_rejected_request', kind: 'terminal', details: { sent: false, httpStatus: 400 } },
    ],
    [
      '422',
      { status: 422, body: '{"message":"unprocessable"}' },
      { code: 'amc_rejected_request', kind: 'terminal', message: expect.stringContaining('unprocessable') },
    ],
    [
      '403 for terms that nobody accepted',
      { status: 403, body: '{"code":"403","details":"Terms and conditions must be accepted to continue"}' },
      { code: 'amc_terms_not_accepted', kind: 'terminal', message: expect.stringContaining('AMC console') },
    ],
    [
      '404 in the shape of the accounts API',
      { status: 404, body: '{"message":"no such instance","requestId":"r-1"}' },
      { code: 'amc_not_found', kind: 'terminal', message: expect.stringContaining('no such instance') },
    ],
    [
      '429 with seconds',
      { status: 429, headers: { 'retry-after': '12' }, body: '{"code":"429"}' },
      { code: 'amc_throttled', kind: 'throttled', retryAfterMs: 12_000, details: { sent: false } },
    ],
    [
      '429 with a date',
      { status: 429, headers: { 'retry-after': 'Wed, 01 Jan 2025 00:00:30 GMT' } },
      { code: 'amc_throttled', retryAfterMs: 30_000 },
    ],
    [
      '429 with a date long past',
      { status: 429, headers: { 'retry-after': 'Wed, 01 Jan 2020 00:00:30 GMT' } },
      { code: 'amc_throttled', retryAfterMs: 0 },
    ],
    ['429 with nonsense', { status: 429, headers: { 'retry-after': 'soon' } }, { code: 'amc_throttled', retryAfterMs: undefined }],
    [
      '429 with a wait of years',
      { status: 429, headers: { 'retry-after': '99999999' } },
      { code: 'amc_throttled', retryAfterMs: 3_600_000 },
    ],
    [
      '429 as HTML without a header',
      { status: 429, body: '<html><head><title>Too many</title></head><body>Slow <b>down</b></body></html>' },
      { code: 'amc_throttled', retryAfterMs: undefined, details: { reason: 'Slow down' } },
    ],
    [
      '500',
      { status: 500, body: '{"code":"500","details":"boom"}' },
      { code: 'amc_server_error', kind: 'transient', details: { sent: true } },
    ],
    [
      '502 as HTML',
      { status: 502, headers: { 'content-type': 'text/html' }, body: '<html><script>alert(1)</script><h1>502 Bad Gateway</h1></html>' },
      { code: 'amc_server_error', kind: 'transient', details: { reason: '502 Bad Gateway' } },
    ],
    ['503 with Retry-After', { status: 503, headers: { 'retry-after': '4' } }, { code: 'amc_server_error', retryAfterMs: 4000 }],
    ['504 with nothing', { status: 504 }, { code: 'amc_server_error', kind: 'transient' }],
    [
      'a gateway that gave up, dressed as 400',
      { status: 400, body: '{"message":"Endpoint request timed out"}' },
      { code: 'amc_server_error', kind: 'transient', details: { sent: true } },
    ],
    [
      'a redirect',
      { status: 302, headers: { location: 'https://example.com/' } },
      { code: 'amc_bad_answer', kind: 'terminal', message: expect.stringContaining('API URL') },
    ],
    ['a retired API', { status: 410, body: '{"code":"410","details":"Gone"}' }, { code: 'amc_rejected_request', kind: 'terminal' }],
  ])('%s', async (_, answer, expected) => {
    scripted.amc.on(CREATE, answer);
    expect(await failureOf(create())).toMatchObject(expected);
  });

  test('tell Amazon’s request id, and text without control characters, tokens or length', async () => {
    const body = JSON.stringify({ code: '400', details: `\u001b[31mAtza|token-1\r\n${'x'.repeat(5000)}` });
    scripted.amc.on(CREATE, { status: 400, headers: { 'x-amz-rid': 'RID123' }, body });
    const error = (await failureOf(create())) as Error & { details: { reason: string; requestId: string } };
    expect(error.details.requestId).toBe('RID123');
    expect(error.details.reason).toHaveLength(600);
    // eslint-disable-next-line no-control-regex -- that is what must not be there
    expect(inspect(error.details.reason)).not.toMatch(/Atza|[\u0000-\u001f]/);
  });
});

describe('a create whose answer never came', () => {
  test('says that Amazon may have acted when the connection broke after sending', async () => {
    scripted.amc.on(CREATE, 'drop');
    expect(await failureOf(create())).toMatchObject({ code: 'amc_unreachable', kind: 'transient', details: { sent: true } });
    expect(scripted.amc.requests).toHaveLength(1);
  });

  test('says so when Amazon was silent too long', async () => {
    await scripted.close();
    scripted = await scriptedClient({ requestTimeoutMs: 400 });
    scripted.amc.on(CREATE, 'hang');
    expect(await failureOf(create())).toMatchObject({
      code: 'amc_unreachable',
      details: { sent: true },
      message: expect.stringContaining('did not answer in time'),
    });
  });

  test('says so when the answer broke off', async () => {
    scripted.amc.on(CREATE, (_, response) => {
      response.writeHead(200, { 'content-length': '500' });
      response.write('{"workflowExecutionId"', () => response.destroy());
    });
    expect(await failureOf(create())).toMatchObject({ code: 'amc_unreachable', details: { sent: true } });
  });

  test('says so when the answer holds no execution', async () => {
    scripted.amc.on(CREATE, { json: {} });
    expect(await failureOf(create())).toMatchObject({ code: 'amc_bad_answer', details: { sent: true } });
  });

  test('says that it was never sent when nobody listens', async () => {
    scripted.amc.on(WORKFLOW, workflow);
    await readWorkflow();
    await scripted.amc.close();
    // The kept-alive connection is found dead by the first request; whether that one was read nobody knows.
    expect(await failureOf(readWorkflow())).toMatchObject({ details: { sent: true } });
    expect(await failureOf(create())).toMatchObject({
      code: 'amc_unreachable',
      kind: 'transient',
      details: { sent: false, reason: 'ECONNREFUSED' },
    });
  });

  test('says that it was never sent when the name does not exist', async () => {
    const lost = await scriptedClient({ apiUrl: 'http://no-such-host.invalid' });
    expect(await failureOf(lost.client.accounts.list(signal))).toMatchObject({
      code: 'amc_unreachable',
      details: { sent: false },
      message: expect.stringContaining('cannot be resolved'),
    });
    await lost.close();
  });
});

test('a caller that gives up gets its own reason, at any point', async () => {
  scripted.amc.on(WORKFLOW, 'hang');
  const caller = new AbortController();
  const given = failureOf(scripted.client.workflows.get(INSTANCE, 'w1', caller.signal));
  while (scripted.amc.requests.length === 0) await new Promise(setImmediate);
  const reason = new Error('stopping');
  caller.abort(reason);
  expect(await given).toBe(reason);
  expect(await failureOf(scripted.client.workflows.get(INSTANCE, 'w1', caller.signal))).toBe(reason);
  expect(scripted.amc.requests).toHaveLength(1);
});
