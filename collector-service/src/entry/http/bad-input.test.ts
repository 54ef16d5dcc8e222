import { request as rawRequest } from 'node:http';
import { gzipSync } from 'node:zlib';
import { ERRORS, problemSchema, type ErrorCode } from '../../contract/index.ts';
import { createWorld, QUERY, type RequestOptions, type World } from '@amc-reports/test-support/http/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ limits: { write: { burst: 1000, perSecond: 1000 } } });
});
afterAll(() => world.close());

async function problem(path: string, options: RequestOptions, status: number) {
  const response = await world.request(path, options);
  const text = await response.text();
  expect([response.status, text]).toEqual([status, expect.any(String)]);
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  const body = problemSchema.parse(JSON.parse(text));
  const { title, remedy } = ERRORS[body.code as ErrorCode];
  expect(body).toMatchObject({ status, type: `urn:amc-reports:${body.code}`, title, remedy });
  expect(text).not.toMatch(/node_modules|\.ts:|SELECT |stack/);
  return body;
}
const query = (json: unknown, status = 400) => problem('/v1/query', { json }, status);
const asJson = { 'content-type': 'application/json' };

describe('A request that cannot be understood', () => {
  it('to an unknown address gets 404', async () => {
    for (const path of ['/', '/v2/query', '/v1', '/v1/query/', '/V1/query', '/v1/collections/1/explode', '/../etc/passwd']) {
      const method = path === '/v1/query/' ? 'POST' : 'GET';
      expect((await problem(path, { method }, 404)).code).toBe('not_found');
    }
  });

  it('with another method gets 405 and the methods there are', async () => {
    const response = await world.request('/v1/collections', { method: 'DELETE' });
    expect(response.headers.get('allow')).toBe('GET, HEAD, POST');
    expect((await problem('/v1/query', { method: 'GET' }, 405)).detail).toContain('POST');
    for (const path of ['/v1/events', '/livez', '/metrics', '/openapi.json']) await problem(path, { method: 'POST' }, 405);
    await problem('/v1/query', { method: 'OPTIONS' }, 405);
  });

  it('with a broken path gets 400', async () => {
    const status = await new Promise((resolve, reject) => {
      const { port, hostname } = new URL(world.url);
      rawRequest(
        { hostname, port, path: '/v1/dimensions/%E0%A4%A/values', headers: { authorization: `Bearer ${world.tokens.north}` } },
        (res) => {
          res.resume();
          resolve(res.statusCode);
        },
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(400);
  });

  it('without a JSON body gets told so', async () => {
    expect((await problem('/v1/query', { method: 'POST' }, 400)).detail).toContain('needs a JSON body');
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp']) {
      expect((await problem('/v1/query', { body: '{}', headers: { 'content-type': type } }, 415)).code).toBe('unsupported_media_type');
    }
  });

  it.each(['{', '{"from":1,}', 'null', '42', '"text"', '\u0000', '{"a":NaN}', "{'a':1}"])('with the body %j gets 400', async (body) => {
    expect((await problem('/v1/query', { body, headers: asJson }, 400)).code).toBe('invalid_request');
  });

  it('in an unknown charset or encoding gets 415', async () => {
    await problem('/v1/query', { body: '{}', headers: { 'content-type': 'application/json; charset=klingon' } }, 415);
    await problem('/v1/query', { body: '{}', headers: { ...asJson, 'content-encoding': 'zstd-of-the-future' } }, 415);
  });

  it('too large gets 413, also when it is small until it is unpacked', async () => {
    expect((await problem('/v1/query', { body: `{"a":"${'x'.repeat(1_100_000)}"}`, headers: asJson }, 413)).code).toBe('too_large');
    const bomb = new Uint8Array(gzipSync(`{"a":"${'x'.repeat(20_000_000)}"}`));
    await problem('/v1/query', { body: bomb, headers: { ...asJson, 'content-encoding': 'gzip' } }, 413);
  });

  it('nested a hundred thousand deep gets 400', async () => {
    await problem('/v1/query', { body: `${'['.repeat(100_000)}${']'.repeat(100_000)}`, headers: asJson }, 400);
    await problem('/v1/query', { body: `{"queries":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, headers: asJson }, 400);
    await problem('/v1/query', { body: `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`, headers: asJson }, 400);
  });

  it('names the path of every mistake', async () => {
    const { errors } = await query({
      from: 5,
      to: 'x',
      queries: [{ metrics: ['Spend!'] }, { filters: [{ dimension: 'campaign', operator: '~', values: [] }] }],
      extra: 1,
    });
    expect(errors!.map((error) => error.path).sort()).toEqual([
      'body',
      'body.queries.0.metrics.0',
      'body.queries.1.filters.0.operator',
      'body.to',
    ]);
  });

  it('lists twenty mistakes of many', async () => {
    const { errors, detail } = await query({ ...QUERY, queries: Array.from({ length: 50 }, () => ({ metrics: Array(30).fill(1) })) });
    expect(errors).toHaveLength(20);
    expect(detail).toMatch(/^The request has 1500 mistakes/);
  });
});

describe('A hostile request', () => {
  it('cannot reach prototypes', async () => {
    await problem('/v1/query', { body: `{"__proto__":{"role":"Admin"},"from":1,"to":2,"queries":[{}]}`, headers: asJson }, 400);
    await problem('/v1/query', { body: `{"constructor":{"prototype":{"x":1}},"from":1,"to":2,"queries":[{}]}`, headers: asJson }, 400);
    await problem('/v1/dimensions/campaign/values?__proto__[x]=1', {}, 400);
    await problem('/v1/dimensions/campaign/values?__proto__=1', {}, 400);
    expect(({} as Record<string, unknown>).role).toBeUndefined();
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('may call its query %s', async (refId) => {
    const response = await world.request('/v1/query', {
      body: `{"from":${QUERY.from},"to":${QUERY.to},"queries":[{"refId":"${refId}","metrics":["spend"]}]}`,
      headers: asJson,
    });
    expect([200, 400]).toContain(response.status);
  });

  it.each(["campaign'; DROP TABLE workspaces; --", 'campaign"', '../../etc', 'CAMPAIGN', 'a'.repeat(42), 'ünïcode'])(
    'cannot smuggle a dimension: %j',
    async (name) => {
      await problem(`/v1/dimensions/${encodeURIComponent(name)}/values`, {}, 400);
    },
  );

  it.each(["x'; DROP TABLE workspaces; --", '%', '_', '\\', '😀', 'ß'.repeat(200)])('may search for %j', async (search) => {
    expect((await world.request(`/v1/dimensions/instance/values?search=${encodeURIComponent(search)}`)).status).toBe(200);
    expect((await world.request(`/v1/dimensions/campaign/values?search=${encodeURIComponent(search)}`)).status).toBe(200);
  });

  it('cannot send U+0000 to the database', async () => {
    await problem('/v1/dimensions/campaign/values?search=a%00b', {}, 400);
    const filters = [{ dimension: 'campaign', values: ['a\0b'] }];
    const { errors } = await query({ ...QUERY, queries: [{ metrics: ['spend'], filters }] });
    expect(errors).toEqual([{ path: 'body.queries.0.filters.0.values.0', message: 'holds U+0000' }]);
    await problem('/v1/collections', { token: world.tokens.editor, json: { instance: 'n1\0', dataset: 'campaign_performance' } }, 400);
  });

  it.each([
    ['limit=0'],
    ['limit=1001'],
    ['limit=1.5'],
    ['limit=abc'],
    ['limit=1&limit=2'],
    ['unknown=1'],
    ['filters=%7B'],
    ['filters=%7B%7D'],
    ['filters=[1]'],
    ['from=x'],
    ['dataset=No%20Name'],
  ])('gets 400 for the values of a dimension with ?%s', async (parameters) => {
    expect((await problem(`/v1/dimensions/campaign/values?${parameters}`, {}, 400)).code).toBe('invalid_request');
  });

  it.each([
    [{ from: 2, to: 1 }],
    [{ from: 1, to: 1 }],
    [{ from: 1.5 }],
    [{ from: 1e300 }],
    [{ from: null }],
    [{ queries: [] }],
    [{ queries: Array(51).fill({}) }],
    [{ instances: Array(201).fill('n1') }],
    [{ queries: [{ limit: 0 }] }],
    [{ queries: [{ grain: 'year' }] }],
    [{ queries: [{ dimensions: Array(7).fill('campaign') }] }],
  ])('gets 400 for a query with %j', async (change) => {
    expect((await query({ ...QUERY, ...change })).code).toBe('invalid_request');
  });

  it.each([
    [-9e15, 9e15],
    [-8.7e15, 0],
    [0, 8.7e15],
    [-62_135_596_800_000, 253_402_300_799_000],
  ])('may ask for the time from %d to %d without breaking anything', async (from, to) => {
    const queries = [
      { refId: 'A', metrics: ['spend'], grain: 'day' },
      { refId: 'B', metrics: ['spend'], compare: 'previous_year' },
      { refId: 'C', queryType: 'freshness' },
    ];
    const response = await world.request('/v1/query', { json: { ...QUERY, from, to, queries } });
    expect([200, 400]).toContain(response.status);
    const body = (await response.json()) as { results?: Record<string, { status: number }> };
    for (const result of Object.values(body.results ?? {})) expect(result.status).toBeLessThan(500);
  });

  it('with an unknown name gets the nearest ones', async () => {
    expect(await problem('/v1/dimensions/campain/values', {}, 400)).toMatchObject({
      code: 'unknown_dimension',
      suggestions: expect.arrayContaining(['campaign']),
    });
    expect(
      await problem('/v1/collections', { token: world.tokens.editor, json: { instance: 'n1', dataset: 'campaign_performence' } }, 400),
    ).toMatchObject({
      code: 'unknown_dataset',
      suggestions: ['campaign_performance'],
    });
  });

  it.each([
    [{ dataset: 'campaign_performance' }, 400, 'invalid_request'],
    [{ instance: '', dataset: 'campaign_performance' }, 400, 'invalid_request'],
    [{ instance: 'nowhere', dataset: 'campaign_performance' }, 404, 'not_found'],
    [{ instance: 'n1', dataset: 'campaign_performance', weeks: 0 }, 400, 'invalid_request'],
    [{ instance: 'n1', dataset: 'campaign_performance', weeks: 57 }, 400, 'invalid_request'],
    [{ instance: 'n1', dataset: 'campaign_performance', firstWeek: '2026-02-30' }, 400, 'invalid_request'],
    [{ instance: 'n1', dataset: 'campaign_performance', firstWeek: '2026-11-03' }, 400, 'invalid_request'],
    [{ instance: 'n1', dataset: 'campaign_performance', firstWeek: '2020-01-06' }, 400, 'week_out_of_range'],
    [{ instance: 'n1', dataset: 'campaign_performance', state: 'complete' }, 400, 'invalid_request'],
  ])('cannot start the collection %j', async (json, status, code) => {
    expect((await problem('/v1/collections', { token: world.tokens.editor, json }, status)).code).toBe(code);
  });

  it('cannot start the same weeks twice', async () => {
    const json = { instance: 'n2', dataset: 'campaign_performance', weeks: 2 };
    expect((await world.request('/v1/collections', { token: world.tokens.editor, json })).status).toBe(201);
    expect((await problem('/v1/collections', { token: world.tokens.editor, json }, 409)).code).toBe('conflict');
  });

  it.each(['0', '-1', 'abc', '1e3', '99999999999999999999', "1' OR '1'='1", '1%00'])('finds no collection %j', async (id) => {
    const status = /^\d{1,18}$/.test(id) ? 404 : 400;
    await problem(`/v1/collections/${encodeURIComponent(id)}`, {}, status);
    await problem(
      `/v1/collections/${encodeURIComponent(id)}/weeks/2026-11-02/retry`,
      { token: world.tokens.editor, method: 'POST' },
      status,
    );
  });

  it.each(['2026-11-03', '2026-13-01', 'monday'])('cannot retry the week %s', async (week) => {
    await problem(`/v1/collections/1/weeks/${week}/retry`, { token: world.tokens.editor, method: 'POST' }, 400);
  });
});

describe('Every answer', () => {
  it('carries a request id, the caller’s when it is a plain one, and security headers', async () => {
    const given = await world.request('/v1/catalogue', { headers: { 'x-request-id': 'abc-123' } });
    expect(given.headers.get('x-request-id')).toBe('abc-123');
    const made = await world.request('/v1/nothing', { headers: { 'x-request-id': 'a b<script>' } });
    expect(made.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
    for (const { headers } of [given, made]) {
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  it('hides what broke inside, and the log has it under the request id', async () => {
    await world.store.pool.query('ALTER TABLE report_data_collections RENAME TO elsewhere');
    try {
      const response = await world.request('/v1/collections', { headers: { 'x-request-id': 'broken-1' } });
      expect(response.status).toBe(500);
      expect(await response.json()).toEqual({
        type: 'urn:amc-reports:internal',
        title: ERRORS.internal.title,
        status: 500,
        code: 'internal',
        detail: 'Something went wrong inside the collector. Its log has the cause under request id broken-1.',
        remedy: ERRORS.internal.remedy,
      });
    } finally {
      await world.store.pool.query('ALTER TABLE elsewhere RENAME TO report_data_collections');
    }
    const line = world.log.find((entry) => entry.requestId === 'broken-1' && entry.level === 50);
    expect(JSON.stringify(line)).toContain('does not exist');
  });

  it('leaves no token, identity, body or query string in the log', async () => {
    const identity = await world.grafana.sign();
    await world.request('/v1/query', {
      json: { ...QUERY, queries: [{ metrics: ['spend'], filters: [{ dimension: 'campaign', values: ['body-marker'] }] }] },
      identity,
    });
    await world.request('/v1/dimensions/campaign/values?search=search-marker', { identity });
    await world.request('/v1/catalogue', { token: 'amcr_' + 'wrong-marker'.repeat(4) });
    const log = JSON.stringify(world.log);
    for (const secret of [...Object.values(world.tokens), identity, 'body-marker', 'search-marker', 'wrong-marker'])
      expect(log).not.toContain(secret);
    expect(log).toContain('/v1/dimensions/:dimension/values');
  });
});
