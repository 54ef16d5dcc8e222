import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { ResultPart } from './results.ts';
import { failureOf, INSTANCE, scriptedClient, type ScriptedClient } from '@amc-reports/test-support/amc/scripted-client.ts';

const signal = new AbortController().signal;
const URLS = 'GET /amc/reporting/amcabc/workflowExecutions/e1/downloadUrls';
let scripted: ScriptedClient;
beforeEach(async () => (scripted = await scriptedClient()));
afterEach(() => scripted.close());

const open = (path: string, on = signal) => scripted.client.results.open(scripted.amc.apiUrl + path, on);
async function read(part: ResultPart): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of part.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

test('the addresses of a result come with the account’s headers', async () => {
  scripted.amc.on(URLS, { json: { downloadUrls: ['https://x/1', 'https://x/2'], metadataDownloadUrls: ['https://x/3'] } });
  expect(await scripted.client.results.urls(INSTANCE, 'e1', signal)).toEqual(['https://x/1', 'https://x/2']);
  expect(scripted.amc.requests[0]!.headers).toHaveProperty('authorization');
});

test.each([400, 404])('a result that is not there yet (%i) is no failure but a wait', async (status) => {
  scripted.amc.on(URLS, { status, body: '{"code":"400","details":"Execution with ID e1 is unavailable for download."}' });
  expect(await failureOf(scripted.client.results.urls(INSTANCE, 'e1', signal))).toMatchObject({ code: 'amc_not_ready', kind: 'transient' });
});

test('an answer without addresses is a wait too', async () => {
  scripted.amc.on(URLS, { json: { downloadUrls: [] } });
  expect(await failureOf(scripted.client.results.urls(INSTANCE, 'e1', signal))).toMatchObject({ code: 'amc_not_ready', kind: 'transient' });
});

test('a part streams as bytes with its announced length, and no token goes with the request', async () => {
  const body = 'a,b\r\n"x ""y""",ä🙂\r\n';
  scripted.amc.on('GET /file', { status: 200, headers: { 'content-length': String(Buffer.byteLength(body)) }, body });
  const part = await open('/file?X-Amz-Signature=secret-signature');
  expect(part.contentLength).toBe(Buffer.byteLength(body));
  expect(await read(part)).toBe(body);
  expect(scripted.amc.requests[0]!.headers).not.toHaveProperty('authorization');
  expect(scripted.log.join('')).not.toContain('secret-signature');
});

test('a part without a length, and an empty one, are read to their end', async () => {
  scripted.amc.on('GET /chunked', (_, response) => {
    response.write('a,');
    response.end('b\n');
  });
  scripted.amc.on('GET /empty', { status: 200, headers: { 'content-length': '0' } });
  const chunked = await open('/chunked');
  expect([chunked.contentLength, await read(chunked)]).toEqual([null, 'a,b\n']);
  const empty = await open('/empty');
  expect([empty.contentLength, await read(empty)]).toEqual([0, '']);
});

test('a part that arrives compressed although we asked otherwise is unpacked, and its length is not ours', async () => {
  const body = gzipSync('a,b\n1,2\n');
  scripted.amc.on('GET /gzip', { status: 200, headers: { 'content-encoding': 'gzip', 'content-length': String(body.length) }, body });
  const part = await open('/gzip');
  expect(part.contentLength).toBeNull();
  expect(await read(part)).toBe('a,b\n1,2\n');
});

test('a compressed part that is cut is an error, not a shorter file', async () => {
  const body = gzipSync('a,b\n1,2\n'.repeat(1000)).subarray(0, 40);
  scripted.amc.on('GET /gzip', { status: 200, headers: { 'content-encoding': 'gzip' }, body });
  const part = await open('/gzip');
  expect(await failureOf(read(part))).toMatchObject({ code: 'amc_unreachable', kind: 'transient' });
});

test.each(['identity', 'gzip'])('a connection that breaks or is no longer read is let go (%s)', async (encoding) => {
  const text = randomBytes(300_000).toString('hex');
  const body = encoding === 'gzip' ? gzipSync(text) : Buffer.from(text);
  const closed: Promise<void>[] = [];
  scripted.amc.on('GET /file', (_, response) => {
    closed.push(new Promise((resolve) => response.on('close', resolve)));
    response.writeHead(200, { 'content-encoding': encoding });
    response.write(body.subarray(0, 200_000));
  });
  const early = await open('/file');
  for await (const chunk of early.body) {
    expect(chunk.length).toBeGreaterThan(0);
    break;
  }
  await closed[0];
  scripted.amc.on('GET /file', (_, response) => {
    response.writeHead(200, { 'content-encoding': encoding, 'content-length': String(body.length) });
    response.write(body.subarray(0, 200_000), () => setTimeout(() => response.destroy(), 20));
  });
  const broken = await open('/file');
  expect(await failureOf(read(broken))).toMatchObject({ code: 'amc_unreachable', kind: 'transient' });
});

test('an expired address asks for a new one', async () => {
  scripted.amc.on('GET /file', {
    status: 403,
    headers: { 'content-type': 'application/xml' },
    body: '<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>',
  });
  expect(await failureOf(open('/file'))).toMatchObject({ code: 'amc_url_expired', kind: 'transient', details: { reason: 'AccessDenied' } });
});

test('a file server in trouble is transient', async () => {
  scripted.amc.on('GET /file', { status: 503, body: '<Error><Code>SlowDown</Code></Error>' });
  expect(await failureOf(open('/file'))).toMatchObject({ code: 'amc_server_error', kind: 'transient' });
});

test('a connection that breaks in mid-stream is an error, not the end of the file', async () => {
  scripted.amc.on('GET /file', (_, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('a,b\n1,2\n', () => setTimeout(() => response.destroy(), 20));
  });
  const part = await open('/file');
  expect(await failureOf(read(part))).toMatchObject({ code: 'amc_unreachable', kind: 'transient' });
});

/** A client that waits no longer than this, instead of the usual one. */
async function impatient(idleTimeoutMs: number, totalTimeoutMs: number): Promise<void> {
  await scripted.close();
  scripted = await scriptedClient({ download: { idleTimeoutMs, totalTimeoutMs } });
}

test('a stream that falls silent is given up', async () => {
  await impatient(500, 60_000);
  scripted.amc.on('GET /file', (_, response) => {
    response.writeHead(200, { 'content-length': '1000' });
    response.write('a,b\n');
  });
  expect(await failureOf(open('/file').then(read))).toMatchObject({
    code: 'amc_unreachable',
    message: expect.stringContaining('did not answer in time'),
  });
});

test('a stream that drips for ever ends at its deadline', async () => {
  await impatient(60_000, 200);
  scripted.amc.on('GET /file', (_, response) => {
    const drip = setInterval(() => response.write('x'), 10);
    response.on('close', () => clearInterval(drip));
  });
  expect(await failureOf(open('/file').then(read))).toMatchObject({ code: 'amc_unreachable', kind: 'transient' });
});

test('a reader that gives up gets its own reason', async () => {
  scripted.amc.on('GET /file', (_, response) => void response.write('a'));
  const caller = new AbortController();
  const part = await open('/file', caller.signal);
  const given = failureOf(read(part));
  caller.abort(new Error('stopping'));
  expect(await given).toMatchObject({ message: 'stopping' });
});

test('an address that is no web address, or leaves TLS, is not followed', async () => {
  for (const address of ['file:///etc/passwd', 'ftp://x/y', 'nonsense', '']) {
    expect(await failureOf(scripted.client.results.open(address, signal))).toMatchObject({ code: 'amc_bad_answer' });
  }
  const secure = await scriptedClient({ apiUrl: 'https://advertising-api.amazon.com' });
  expect(await failureOf(secure.client.results.open('http://169.254.169.254/latest', signal))).toMatchObject({
    code: 'amc_bad_answer',
    kind: 'terminal',
  });
  await secure.close();
});
