import { inspect } from 'node:util';
import type { CollectorError } from '../../contract/error.ts';
import {
  CLIENT_SECRET,
  failureOf,
  REFRESH_TOKEN,
  scriptedClient,
  type ScriptedClient,
} from '@amc-reports/test-support/amc/scripted-client.ts';

let clock: number;
let scripted: ScriptedClient;
const signal = new AbortController().signal;
const TOKEN = 'POST /auth/o2/token';

beforeEach(async () => {
  clock = 1_700_000_000_000;
  scripted = await scriptedClient({ now: () => clock });
  scripted.amc.on('GET /amc/accounts', { json: { amcAccounts: [] } });
});
afterEach(() => scripted.close());

const request = () => scripted.client.accounts.list(signal);

test('the refresh request is a form with the four fields Login with Amazon wants', async () => {
  await request();
  const [seen] = scripted.amc.tokenRequests;
  expect(seen!.headers['content-type']).toBe('application/x-www-form-urlencoded');
  expect(Object.fromEntries(new URLSearchParams(seen!.body))).toEqual({
    grant_type: 'refresh_token',
    refresh_token: REFRESH_TOKEN,
    client_id: 'amzn1.application-oa2-client.test',
    client_secret: CLIENT_SECRET,
  });
});

test('a token serves every request until a minute before its end', async () => {
  await request();
  clock += (3600 - 61) * 1000;
  await request();
  expect(scripted.amc.tokenRequests).toHaveLength(1);
  clock += 2_000;
  await request();
  expect(scripted.amc.tokenRequests).toHaveLength(2);
  expect(scripted.amc.requests.map((seen) => seen.headers.authorization)).toEqual([
    'Bearer Atza|token-1',
    'Bearer Atza|token-1',
    'Bearer Atza|token-2',
  ]);
});

test('a token shorter than the safety margin is still used for half its life', async () => {
  scripted.amc.on(TOKEN, { json: { access_token: 'Atza|short', expires_in: 10 } });
  await request();
  clock += 4_000;
  await request();
  expect(scripted.amc.tokenRequests).toHaveLength(1);
});

test('requests at the same time share one refresh', async () => {
  await Promise.all([request(), request(), request(), request()]);
  expect(scripted.amc.tokenRequests).toHaveLength(1);
});

test('a caller that gives up during a refresh does not take it from the others', async () => {
  let release = () => {};
  scripted.amc.on(TOKEN, (_, response) => {
    release = () => void response.end(JSON.stringify({ access_token: 'Atza|late', expires_in: 3600 }));
  });
  const impatient = new AbortController();
  const given = failureOf(scripted.client.accounts.list(impatient.signal));
  const patient = request();
  impatient.abort(new Error('gone home'));
  expect(await given).toMatchObject({ message: 'gone home' });
  while (scripted.amc.tokenRequests.length === 0) await new Promise(setImmediate);
  release();
  await expect(patient).resolves.toEqual([]);
});

test('after a failed refresh the next request tries again', async () => {
  scripted.amc.on(TOKEN, { status: 500 }, { json: { access_token: 'Atza|x', expires_in: 3600 } });
  expect(await failureOf(request())).toMatchObject({ code: 'amc_server_error', kind: 'transient' });
  await expect(request()).resolves.toEqual([]);
});

test('a revoked grant says that somebody must authorise again', async () => {
  scripted.amc.on(TOKEN, {
    status: 400,
    body: '{"error_index":"1","error":"invalid_grant","error_description":"The request has an invalid grant parameter : refresh_token. User may have revoked or didn\'t grant the permission."}',
  });
  expect(await failureOf(request())).toMatchObject({
    code: 'amc_grant_revoked',
    kind: 'terminal',
    message: expect.stringContaining('Authorise again'),
    details: { sent: false },
  });
});

test.each([
  [401, '{"error":"invalid_client","error_description":"Client authentication failed"}'],
  [400, '{"error":"invalid_client","error_description":"Client authentication failed"}'],
  [401, '<html>no</html>'],
])('a wrong client secret (%i %s) says which values to copy again', async (status, body) => {
  scripted.amc.on(TOKEN, { status, body });
  expect(await failureOf(request())).toMatchObject({
    code: 'amc_bad_credentials',
    kind: 'terminal',
    message: expect.stringContaining('security profile'),
  });
});

test.each([
  ['nonsense', { status: 200, body: '<html>Sign in to the hotel’s network</html>' }, 'amc_bad_answer'],
  ['an answer without a token', { json: { token_type: 'bearer' } }, 'amc_bad_answer'],
  ['throttling', { status: 429, headers: { 'retry-after': '7' } }, 'amc_throttled'],
  ['a dropped connection', 'drop' as const, 'amc_unreachable'],
  ['silence', 'hang' as const, 'amc_unreachable', 300],
])('%s at the token service means that the real request was never sent', async (_, answer, code, requestTimeoutMs = 60_000) => {
  await scripted.close();
  scripted = await scriptedClient({ requestTimeoutMs });
  scripted.amc.on(TOKEN, answer);
  expect(await failureOf(request())).toMatchObject({ code, details: { sent: false } });
  expect(scripted.amc.requests).toEqual([]);
});

test('neither errors nor logs nor the client itself show a secret, even when the server echoes them', async () => {
  scripted.amc.on(
    TOKEN,
    (seen, response) =>
      void response
        .writeHead(400)
        .end(JSON.stringify({ error: 'invalid_request', error_description: `bad: ${REFRESH_TOKEN} ${seen.body}` })),
  );
  const error = (await failureOf(request())) as CollectorError;
  const shown = inspect(error, { depth: 10 }) + JSON.stringify(error) + scripted.log.join('') + inspect(scripted.client, { depth: 10 });
  expect(shown).not.toContain('very-secret');
});
