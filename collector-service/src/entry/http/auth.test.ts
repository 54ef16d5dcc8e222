import { revokeToken, rotateToken } from '../../engine/access/tokens.ts';
import { healthSchema, problemSchema, type Problem } from '../../contract/index.ts';
import { createWorld, QUERY, type World } from '@amc-reports/test-support/http/world.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld({ limits: { write: { burst: 1000, perSecond: 1000 } } });
});
afterAll(() => world.close());

const problemOf = async (response: Response): Promise<Problem> => {
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  return problemSchema.parse(await response.json());
};
const callerOf = async (response: Response) => healthSchema.parse(await response.json()).caller;
const NEW = { instance: 'n1', dataset: 'campaign_performance', weeks: 1 };

describe('Who asks', () => {
  it('must show a token', async () => {
    const response = await world.request('/v1/catalogue', { token: null });
    expect(response.status).toBe(401);
    expect(response.headers.get('www-authenticate')).toBe('Bearer');
    expect(await problemOf(response)).toMatchObject({ code: 'unauthenticated', detail: expect.stringContaining('Authorization: Bearer') });
  });

  it.each(['wrong', 'amcr_' + 'x'.repeat(43), "' OR 1=1 --aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 'ü'.repeat(40), 'a'.repeat(5000)])(
    'is refused with a wrong token: %j',
    async (token) => {
      const response = await world.request('/v1/catalogue', {
        token: null,
        headers: { authorization: Buffer.from(`Bearer ${token}`).toString('latin1') },
      });
      expect(response.status).toBe(401);
      expect((await problemOf(response)).detail).not.toContain(token.slice(0, 10));
    },
  );

  it.each(['', 'Bearer', 'Basic dXNlcjpwYXNz', 'Token abc'])('is refused with the header "%s"', async (authorization) => {
    expect((await world.request('/v1/catalogue', { token: null, headers: { authorization } })).status).toBe(401);
  });

  it('is refused from the moment its token is revoked or rotated', async () => {
    const { createToken } = await import('../../engine/access/tokens.ts');
    const { pool } = world.store;
    const first = await createToken(pool, world.ids.north, { name: 'short-lived' });
    expect((await world.request('/v1/catalogue', { token: first })).status).toBe(200);
    const second = await rotateToken(pool, world.ids.north, 'short-lived');
    expect((await world.request('/v1/catalogue', { token: first })).status).toBe(401);
    expect((await world.request('/v1/catalogue', { token: second })).status).toBe(200);
    await revokeToken(pool, world.ids.north, 'short-lived');
    expect((await world.request('/v1/catalogue', { token: second })).status).toBe(401);
  });

  it('belongs to the workspace of the token, and sees only its instances', async () => {
    const seen = async (token: string) => {
      const catalogue = (await (await world.request('/v1/catalogue', { token })).json()) as { instances: { instance: string }[] };
      return catalogue.instances.map((instance) => instance.instance);
    };
    expect(await seen(world.tokens.north)).toEqual(['n1', 'n2']);
    expect(await seen(world.tokens.n1)).toEqual(['n1']);
    expect(await seen(world.tokens.south)).toEqual(['s1']);
    expect(await callerOf(await world.request('/v1/health', { token: world.tokens.south }))).toEqual({
      workspace: 'south',
      role: 'Editor',
      person: null,
    });
  });

  it('is the person of a verified Grafana token, with the role that Grafana gives', async () => {
    const identity = await world.grafana.sign({ role: 'Editor' });
    expect(await callerOf(await world.request('/v1/health', { identity }))).toEqual({ workspace: 'north', role: 'Editor', person: 'ada' });
    const viewer = await world.grafana.sign({ role: 'Viewer' });
    expect(await callerOf(await world.request('/v1/health', { identity: viewer, token: world.tokens.editor }))).toMatchObject({
      role: 'Viewer',
    });
  });

  it.each([
    ['expired', () => world.grafana.sign({}, { expiresIn: -600 }), 401],
    ['of another issuer', () => world.grafana.sign({ iss: 'http://evil.example' }), 401],
    ['for another organisation', () => world.grafana.sign({ aud: 'org:2' }), 401],
    ['with an unknown key', () => world.grafana.sign({}, { kid: 'unknown' }), 401],
    ['that is garbage', async () => 'garbage', 401],
    ['that is empty', async () => '', 401],
  ])('is refused with a Grafana token %s, even for what the bearer token alone may read', async (_what, identity, status) => {
    const response = await world.request('/v1/catalogue', { identity: await identity() });
    expect(response.status).toBe(status);
    expect(await problemOf(response)).toMatchObject({ code: 'unauthenticated', detail: expect.stringContaining('X-Grafana-Id') });
  });

  it('hears when the keys of its Grafana cannot be read, while machines without a person go on', async () => {
    const { ensureWorkspace } = await import('../../engine/access/workspaces.ts');
    const { createToken } = await import('../../engine/access/tokens.ts');
    const id = await ensureWorkspace(world.store.pool, 'lost', {
      grafana: { ...world.grafana.settings, keysUrl: 'http://127.0.0.1:1/keys' },
    });
    const token = await createToken(world.store.pool, id, { name: 'all' });
    const response = await world.request('/v1/catalogue', { token, identity: await world.grafana.sign() });
    expect(response.status).toBe(503);
    expect(await problemOf(response)).toMatchObject({ code: 'identity_unavailable', detail: expect.stringContaining('GRAFANA_KEYS_URL') });
    expect((await world.request('/v1/catalogue', { token })).status).toBe(200);
  });

  it('counts as the token alone where no Grafana is configured, and health says what to set', async () => {
    const response = await world.request('/v1/health', { token: world.tokens.south, identity: await world.grafana.sign() });
    const health = healthSchema.parse(await response.json());
    expect(health.caller).toEqual({ workspace: 'south', role: 'Editor', person: null });
    expect(health.hops[0]).toMatchObject({ hop: 'collector', remedy: expect.stringContaining('GRAFANA_KEYS_URL') });
  });

  it('is not believed on unsigned headers', async () => {
    const headers = {
      'X-Grafana-User': 'admin',
      'X-Grafana-Role': 'Admin',
      'X-Grafana-Org-Id': '1',
      'X-WEBAUTH-USER': 'admin',
      'X-WEBAUTH-ROLE': 'Admin',
      'X-Forwarded-User': 'admin',
      'X-Grafana-Context': '{"user":{"login":"admin","orgRole":"Admin"}}',
      'X-Id-Token': await world.grafana.sign(),
    };
    expect(await callerOf(await world.request('/v1/health', { headers }))).toEqual({ workspace: 'north', role: 'Viewer', person: null });
    expect((await world.request('/v1/collections', { headers, json: NEW })).status).toBe(403);
  });
});

describe('What a role may do', () => {
  const reads = ['/v1/health', '/v1/catalogue', '/v1/dimensions/campaign/values', '/v1/collections'];
  const acts = [
    '/v1/collections',
    '/v1/collections/1/pause',
    '/v1/collections/1/resume',
    '/v1/collections/1/cancel',
    '/v1/collections/1/weeks/2026-11-02/retry',
  ];

  it.each(reads)('everybody reads %s', async (path) => {
    expect((await world.request(path)).status).toBe(200);
    expect((await world.request(path, { identity: await world.grafana.sign({ role: 'Viewer' }) })).status).toBe(200);
  });

  it('everybody queries', async () => {
    expect((await world.request('/v1/query', { json: QUERY })).status).toBe(200);
  });

  it.each(acts)('a Viewer may not act: POST %s', async (path) => {
    const json = path === '/v1/collections' ? { json: NEW } : { method: 'POST' };
    const asToken = await world.request(path, json);
    expect(asToken.status).toBe(403);
    expect((await problemOf(asToken)).detail).toContain('signed-in user in Grafana');
    const asPerson = await world.request(path, { ...json, identity: await world.grafana.sign({ role: 'Viewer' }) });
    expect(asPerson.status).toBe(403);
    expect((await problemOf(asPerson)).detail).toContain('ada is Viewer in Grafana');
    const asRobot = await world.request(path, { ...json, identity: await world.grafana.sign({ sub: 'service-account:3', role: 'Admin' }) });
    expect(asRobot.status).toBe(403);
  });

  it.each(['Editor', 'Admin'])('an %s acts, and the record says who', async (role) => {
    const identity = await world.grafana.sign({ role, username: `ada-${role}` });
    const instance = role === 'Editor' ? 'n1' : 'n2';
    const response = await world.request('/v1/collections', { identity, json: { ...NEW, instance } });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ createdBy: `ada-${role}`, instance });
  });

  it('a token made for it acts without a person', async () => {
    const response = await world.request('/v1/collections', { token: world.tokens.south, json: { ...NEW, instance: 's1' } });
    expect(response.status).toBe(201);
    expect(await response.json()).toMatchObject({ createdBy: 'token:south' });
  });
});
