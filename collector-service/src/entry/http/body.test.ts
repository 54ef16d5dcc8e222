import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { Registry } from 'prom-client';
import { createHttpServer } from './server.ts';
import { createWorld, type World } from '@amc-reports/test-support/http/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ bodyTimeoutMs: 120_000 });
});
afterAll(() => world.close());

/** Writes the pieces as they are, with a pause before each, and gives back all that the server says until it hangs up. */
async function speak(pieces: readonly string[], { pauseMs = 0, url = world.url } = {}): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let heard = '';
  let open = true;
  socket.on('data', (chunk) => (heard += String(chunk)));
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => ((open = false), resolve())));
  for (const piece of pieces) {
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    if (open) socket.write(piece);
  }
  await closed;
  return heard;
}
const head = (...lines: string[]) =>
  [
    `POST /v1/query HTTP/1.1`,
    'Host: collector',
    `Authorization: Bearer ${world.tokens.north}`,
    'Content-Type: application/json',
    ...lines,
    '',
    '',
  ].join('\r\n');
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

it('a chunked body is read like any other', async () => {
  const heard = await speak([
    head('Transfer-Encoding: chunked', 'Connection: close'),
    chunk('{"from":1,'),
    chunk('"to":"x"}'),
    '0\r\n\r\n',
  ]);
  expect(heard).toMatch(/^HTTP\/1.1 400 /);
  expect(heard).toContain('body.to');
});

it.each([
  ['5', 'a number'],
  ['null', 'null'],
  ['"text"', 'a string'],
  ['true', 'a boolean'],
  ['[{}]', 'an array'],
])('%s is JSON, but no object, and is told so', async (body, what) => {
  const response = await world.request('/v1/query', { body, headers: { 'content-type': 'application/json' } });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ code: 'invalid_request', detail: `The body must be a JSON object, not ${what}.` });
});

it('what is no JSON is told so', async () => {
  for (const body of ['{"from":', 'nul', ' ']) {
    const response = await world.request('/v1/query', { body, headers: { 'content-type': 'application/json' } });
    expect(await response.json()).toMatchObject({ code: 'invalid_request', detail: 'The body is not valid JSON. Send one JSON object.' });
  }
});

it('a chunked body that never says how long it is ends at the limit, unread', async () => {
  const heard = await speak([head('Transfer-Encoding: chunked'), ...Array.from({ length: 40 }, () => chunk('x'.repeat(60_000)))]);
  expect(heard).toMatch(/^HTTP\/1.1 413 [^]*too_large/);
});

it('a body that is announced as too large is refused before it is sent', async () => {
  expect(await speak([head('Content-Length: 99999999999')])).toMatch(/^HTTP\/1.1 413 [^]*[Cc]onnection: close[^]*too_large/);
});

it('a body that comes a byte at a time, or not at all, is given up', async () => {
  const impatient = createHttpServer({ ...world.deps, registry: new Registry(), bodyTimeoutMs: 1_000 });
  const { url } = await impatient.listen();
  const drip = await speak([head('Content-Length: 1000'), ...Array.from({ length: 12 }, () => '{')], { pauseMs: 250, url });
  expect(drip).toMatch(/^HTTP\/1.1 408 [^]*timed_out/);
  expect(await speak([head('Content-Length: 1000')], { url })).toMatch(/^HTTP\/1.1 408 [^]*timed_out/);
  await impatient.close();
});

it.each(['gzip', 'deflate', 'br'])(
  'a bomb packed with %s is refused when it passes the limit, whatever it would become',
  async (encoding) => {
    const { brotliCompressSync, deflateSync } = await import('node:zlib');
    const pack = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync }[encoding]!;
    const bomb = new Uint8Array(pack(Buffer.alloc(20_000_000, 'x')));
    expect(bomb.length).toBeLessThan(1_000_000);
    const response = await world.request('/v1/query', {
      body: bomb,
      headers: { 'content-type': 'application/json', 'content-encoding': encoding },
    });
    expect(response.status).toBe(413);
  },
);

it('a length that disagrees with the body cannot smuggle a second request', async () => {
  const second = 'GET /v1/catalogue HTTP/1.1\r\nHost: collector\r\n\r\n';
  const heard = await speak([head('Content-Length: 2', 'Transfer-Encoding: chunked') + `0\r\n\r\n${second}`]);
  expect(heard).toMatch(/^HTTP\/1.1 400 /);
  expect(heard.match(/HTTP\/1.1/g)).toHaveLength(1);
});
