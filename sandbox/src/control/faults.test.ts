import { SANDBOX_INSTANCE_ID } from '../account.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/sandbox/fixture.ts';
import { parseFaults } from './faults.ts';

const SQL = 'SELECT campaign, SUM(impressions) AS impressions FROM sponsored_ads_traffic GROUP BY campaign';
const WINDOW = { timeWindowType: 'EXPLICIT', timeWindowStart: '2026-03-09T00:00:00', timeWindowEnd: '2026-03-16T00:00:00' };
const EXECUTIONS = `/amc/reporting/${SANDBOX_INSTANCE_ID}/workflowExecutions`;

let test: TestSandbox;
beforeAll(async () => {
  test = await startTestSandbox({ historyDays: 15, faults: 'slow:1' });
  await test.control('DELETE', '/faults');
  await test.reporting('POST', '/workflows', { workflowId: 'w', sqlQuery: SQL });
});
afterAll(() => test.stop());
afterEach(async () => {
  const { faults } = (await test.control('GET', '/faults')) as { faults: { name: string; fired: number }[] };
  for (const fault of faults) expect(fault.fired).toBeGreaterThan(0);
  await test.control('DELETE', '/faults');
});

const fault = (name: string, more: object = {}) => test.control('POST', '/faults', { name, ...more });
const ask = () => test.call('GET', '/amc/instances');
const create = () => test.reporting('POST', '/workflowExecutions', { workflowId: 'w', ...WINDOW });
const creates = async (): Promise<number> => {
  const { purchases } = (await test.control('GET', '/stats')) as { purchases: { workflowId: string; creates: number }[] };
  return purchases.find((purchase) => purchase.workflowId === 'w')?.creates ?? 0;
};
const urlOf = async (): Promise<string> => {
  const { execution } = await test.execute({ workflowId: 'w', ...WINDOW });
  const { body } = await test.reporting('GET', `/workflowExecutions/${String(execution.workflowExecutionId)}/downloadUrls`);
  return (body.downloadUrls as string[])[0] ?? '';
};

describe('before anything happens', () => {
  it('throttle: 429 with Retry-After, as often as counted, then no more', async () => {
    await fault('throttle', { count: 2, seconds: 7 });
    const [one, two, three] = [await ask(), await ask(), await ask()];
    expect([one.status, one.headers.get('retry-after'), one.body.code]).toEqual([429, '7', '429']);
    expect([two.status, three.status]).toEqual([429, 200]);
  });

  it('throttle-bare and throttle-html: without Retry-After, and as a gateway says it', async () => {
    await fault('throttle-bare');
    const bare = await ask();
    expect([bare.status, bare.headers.get('retry-after')]).toEqual([429, null]);
    await fault('throttle-html');
    const html = await ask();
    expect([html.status, html.headers.get('content-type'), html.text]).toEqual([429, 'text/html', expect.stringContaining('<h1>429')]);
  });

  it('server-error: 500, 502 as HTML, 504 in the words of the gateway', async () => {
    await fault('server-error');
    expect((await ask()).body).toEqual({ code: '500', details: 'Internal Server Error' });
    await fault('server-error', { status: 502 });
    expect((await ask()).text).toContain('502 Bad Gateway');
    await fault('server-error', { status: 504 });
    const before = await creates();
    expect((await create()).body).toEqual({ message: 'Endpoint request timed out' });
    expect(await creates()).toBe(before);
  });

  it('dropped-connection, slow and token-expired', async () => {
    await fault('dropped-connection');
    await expect(ask()).rejects.toThrow();
    await fault('slow', { seconds: 0.3 });
    const started = performance.now();
    expect((await ask()).status).toBe(200);
    expect(performance.now() - started).toBeGreaterThan(290);
    await fault('token-expired');
    expect((await ask()).status).toBe(401);
    expect((await ask()).status).toBe(200);
  });

  it('strike what they match and nothing else', async () => {
    await fault('server-error', { count: 5, match: { path: 'workflowExecutions', method: 'POST' } });
    expect((await ask()).status).toBe(200);
    expect((await test.call('GET', `${EXECUTIONS}?workflowId=w`)).status).toBe(200);
    expect((await create()).status).toBe(500);
    await fault('server-error', { match: { path: '/auth/o2/token' } });
    expect((await fetch(`${test.sandbox.url}/auth/o2/token`, { method: 'POST' })).status).toBe(500);
  });
});

it('a token bucket throttles whoever asks too fast, where the knob sets one', async () => {
  await test.control('POST', '/behaviour', { requestsPerSecond: 0.001 });
  const answers = await Promise.all(Array.from({ length: 8 }, ask));
  const throttled = answers.filter((answer) => answer.status === 429);
  expect(throttled).toHaveLength(7);
  expect(Number(throttled[0]?.headers.get('retry-after'))).toBeGreaterThan(900);
  await test.control('POST', '/behaviour', { requestsPerSecond: null });
  expect((await ask()).status).toBe(200);
});

describe('around the creation of an execution', () => {
  it('request-timeout-after-create: it exists, the client is told of a time-out', async () => {
    const before = await creates();
    await fault('request-timeout-after-create');
    const answer = await create();
    expect([answer.status, answer.body]).toEqual([504, { message: 'Endpoint request timed out' }]);
    expect(await creates()).toBe(before + 1);
  });

  it('create-answer-lost: it exists, the connection ends', async () => {
    const before = await creates();
    await fault('create-answer-lost', { match: { workflowId: 'w' } });
    await expect(create()).rejects.toThrow();
    expect(await creates()).toBe(before + 1);
    const { body } = await test.call('GET', `${EXECUTIONS}?workflowId=w`);
    expect((body.executions as unknown[]).length).toBe(before + 1);
  });

  it('listed-late: by id at once, in lists after its time', async () => {
    const listed = async (id: unknown) =>
      ((await test.call('GET', `${EXECUTIONS}?workflowId=w`)).body.executions as { workflowExecutionId: string }[]).some(
        (one) => one.workflowExecutionId === id,
      );
    await fault('listed-late', { seconds: 600 });
    const late = (await create()).body.workflowExecutionId;
    expect(await listed(late)).toBe(false);
    expect((await test.call('GET', `${EXECUTIONS}/${String(late)}`)).status).toBe(200);
    await fault('listed-late', { seconds: 0.5 });
    const soon = (await create()).body.workflowExecutionId;
    while (!(await listed(soon))) await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it('rejected, failed and differencing end it so', async () => {
    await fault('rejected', { reason: 'because' });
    expect(await test.execute({ workflowId: 'w', ...WINDOW })).toMatchObject({ status: 'REJECTED', statusReason: 'because' });
    await fault('failed', { match: { windowStart: '2026-03-09' } });
    expect(await test.execute({ workflowId: 'w', ...WINDOW })).toMatchObject({ status: 'FAILED' });
    await fault('differencing');
    const parked = await test.execute({ workflowId: 'w', ...WINDOW });
    expect(parked.statusReason).toMatch(
      /^Execution ".*" of workflow "w" could not be run because too many workflows have already been run/,
    );
  });

  it('slow-execution takes its time', async () => {
    await fault('slow-execution', { factor: 500 });
    const started = performance.now();
    await test.execute({ workflowId: 'w', ...WINDOW });
    expect(performance.now() - started).toBeGreaterThan(800);
  });
});

describe('around the file', () => {
  it('url-expired: the XML of S3', async () => {
    const url = await urlOf();
    await fault('url-expired');
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('Request has expired')]);
    expect((await fetch(url)).status).toBe(200);
  });

  it('file-truncated: breaks off before its Content-Length, or silently with a fitting one', async () => {
    const url = await urlOf();
    const whole = await (await fetch(url)).text();
    await fault('file-truncated');
    await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
    await fault('file-truncated', { silent: true });
    const cut = await (await fetch(url)).text();
    expect(whole.startsWith(cut)).toBe(true);
    expect(cut.length).toBeLessThan(whole.length);
  });

  it('file-truncated-at-row: whole rows, but half of them', async () => {
    const url = await urlOf();
    const whole = await (await fetch(url)).text();
    await fault('file-truncated-at-row');
    const response = await fetch(url);
    const cut = await response.text();
    expect(Number(response.headers.get('content-length'))).toBe(Buffer.byteLength(cut));
    expect(cut.endsWith('\n')).toBe(true);
    expect(cut.split('\n').length).toBeLessThan(whole.split('\n').length * 0.6);
  });
});

it('come from text: names with counts, or JSON; nonsense is an error', async () => {
  expect(parseFaults('throttle:3, listed-late')).toMatchObject([{ name: 'throttle', count: 3 }, { name: 'listed-late' }]);
  expect(parseFaults('[{"name":"slow","probability":0.5}]')).toMatchObject([{ name: 'slow', probability: 0.5 }]);
  expect(parseFaults(undefined)).toEqual([]);
  expect(() => parseFaults('explode')).toThrow();
  expect(() => parseFaults('throttle:many')).toThrow();
  const refused = await fetch(`${test.sandbox.url}/sandbox/faults`, { method: 'POST', body: '{"name":"explode"}' });
  expect(refused.status).toBe(400);
});
