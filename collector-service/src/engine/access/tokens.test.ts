import { openStore, type Store } from '../../data/store/store.ts';
import { migrate } from '../../data/store/migrate.ts';
import { createTestDatabase, type TestDatabase } from '@amc-reports/test-support/database.ts';
import { createAuthenticator } from './authenticate.ts';
import type { Caller } from './caller.ts';
import { createIdentityVerifier } from './grafana-identity.ts';
import { createToken, ensureToken, listTokens, revokeToken, rotateToken } from './tokens.ts';
import { ensureWorkspace } from './workspaces.ts';

let database: TestDatabase;
let store: Store;
let workspace: string;
let other: string;

beforeAll(async () => {
  database = await createTestDatabase();
  store = await openStore(database.url);
  await migrate(store, { datasets: [] });
  workspace = await ensureWorkspace(store.pool, 'mine', { grafana: null });
  other = await ensureWorkspace(store.pool, 'theirs', { grafana: null });
  for (const [owner, name] of [
    [workspace, 'a'],
    [workspace, 'b'],
    [other, 'c'],
  ]) {
    await store.pool.query(
      `WITH connection AS (
         INSERT INTO connections (workspace_id, name, api_url, token_url, client_id, secret_key_id, secret_nonce, secret_ciphertext)
         VALUES ($1, $2, '', '', '', '', '', '') RETURNING id)
       INSERT INTO instances (workspace_id, connection_id, amc_instance_id, name, account_id, marketplace_id, time_zone)
       SELECT $1, id, $2, $2, 'E', 'M', 'UTC' FROM connection`,
      [owner, name],
    );
  }
});
afterAll(async () => {
  await store.close();
  await database.drop();
});

const authenticate = (token: string): Promise<Caller> =>
  createAuthenticator({ pool: store.pool, verify: createIdentityVerifier() }).authenticate({ authorization: `Bearer ${token}` });
const seenBy = async (token: string) => (await authenticate(token)).instances.map((instance) => instance.amcInstanceId);

describe('A token', () => {
  it('is long, random and recognisable, and the database does not hold it', async () => {
    const tokens = [await createToken(store.pool, workspace, { name: 't1' }), await createToken(store.pool, workspace, { name: 't2' })];
    expect(new Set(tokens).size).toBe(2);
    for (const token of tokens) expect(token).toMatch(/^amcr_[\w-]{43}$/);
    const { rows } = await store.pool.query<{ stored: Buffer; text: string }>(
      'SELECT token_sha256 AS stored, t::text FROM workspace_tokens t',
    );
    for (const { stored, text } of rows) {
      expect(stored).toHaveLength(32);
      for (const token of tokens) expect(text + stored.toString('latin1')).not.toContain(token.slice(5));
    }
    expect(JSON.stringify(await listTokens(store.pool, workspace))).not.toContain(tokens[0]!.slice(5));
  });

  it('sees all instances of its workspace, later ones too, or only those it was made for', async () => {
    expect(await seenBy(await createToken(store.pool, workspace, { name: 'all' }))).toEqual(['a', 'b']);
    expect(await seenBy(await createToken(store.pool, workspace, { name: 'one', instances: ['b'] }))).toEqual(['b']);
    expect(await seenBy(await createToken(store.pool, workspace, { name: 'none', instances: [] }))).toEqual([]);
    expect(await seenBy(await createToken(store.pool, other, { name: 'all' }))).toEqual(['c']);
  });

  it('cannot be made for an instance that does not exist, nor for another workspace’s', async () => {
    for (const instance of ['nowhere', 'c']) {
      await expect(createToken(store.pool, workspace, { name: 'x', instances: ['a', instance] })).rejects.toMatchObject({
        code: 'not_found',
        message: expect.stringContaining(instance),
      });
    }
  });

  it('is a Viewer unless it was made for more', async () => {
    expect((await authenticate(await createToken(store.pool, workspace, { name: 'plain' }))).role).toBe('Viewer');
    expect((await authenticate(await createToken(store.pool, workspace, { name: 'boss', role: 'Admin' }))).role).toBe('Admin');
  });

  it('has a name of its own in the workspace, free again after it was revoked', async () => {
    const first = await createToken(store.pool, workspace, { name: 'named', role: 'Admin' });
    await expect(createToken(store.pool, workspace, { name: 'named' })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('"named"'),
    });
    expect((await authenticate(first)).role).toBe('Admin');
    await revokeToken(store.pool, workspace, 'named');
    const second = await createToken(store.pool, workspace, { name: 'named', instances: ['a'] });
    await expect(authenticate(first)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await authenticate(second)).toMatchObject({ role: 'Viewer', actor: 'token:named' });
  });

  it('is ended by rotation, which keeps role and scope', async () => {
    const first = await createToken(store.pool, workspace, { name: 'rotated', role: 'Editor', instances: ['a'] });
    const second = await rotateToken(store.pool, workspace, 'rotated');
    await expect(authenticate(first)).rejects.toMatchObject({ code: 'unauthenticated' });
    expect(await authenticate(second)).toMatchObject({ role: 'Editor', instances: [{ amcInstanceId: 'a' }] });
  });

  it('can only be rotated or revoked by its name in its workspace, and once', async () => {
    await createToken(store.pool, workspace, { name: 'mine' });
    await expect(rotateToken(store.pool, other, 'mine')).rejects.toMatchObject({ code: 'not_found' });
    await expect(revokeToken(store.pool, other, 'mine')).rejects.toMatchObject({ code: 'not_found' });
    await revokeToken(store.pool, workspace, 'mine');
    await expect(revokeToken(store.pool, workspace, 'mine')).rejects.toMatchObject({ code: 'not_found' });
    await expect(rotateToken(store.pool, workspace, 'mine')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('goes on after a rotation for as long as told, beside the new one, and no longer than that', async () => {
    const first = await createToken(store.pool, workspace, { name: 'overlapping', instances: ['a'] });
    const second = await rotateToken(store.pool, workspace, 'overlapping', 60_000);
    expect([await seenBy(first), await seenBy(second)]).toEqual([['a'], ['a']]);
    expect((await listTokens(store.pool, workspace)).find(({ name }) => name === 'overlapping')!.previousUntil).toMatch(/Z$/);
    const third = await rotateToken(store.pool, workspace, 'overlapping', 60_000);
    await expect(authenticate(first)).rejects.toMatchObject({ status: 401 });
    expect(await seenBy(second)).toEqual(['a']);
    await store.pool.query(`UPDATE workspace_tokens SET previous_until = now() - interval '1 ms' WHERE name = 'overlapping'`);
    await expect(authenticate(second)).rejects.toMatchObject({ status: 401 });
    const fourth = await rotateToken(store.pool, workspace, 'overlapping', 60_000);
    await expect(ensureToken(store.pool, other, { name: 'stolen', token: third })).rejects.toMatchObject({ code: 'config_invalid' });
    await revokeToken(store.pool, workspace, 'overlapping');
    for (const token of [third, fourth]) await expect(authenticate(token)).rejects.toMatchObject({ status: 401 });
  });

  it('is listed with role, scope and dates', async () => {
    const third = await ensureWorkspace(store.pool, 'third', { grafana: null });
    await createToken(store.pool, third, { name: 'old' });
    await revokeToken(store.pool, third, 'old');
    await createToken(store.pool, workspace, { name: 'listed', role: 'Editor', instances: ['b', 'a'] });
    expect(await listTokens(store.pool, third)).toEqual([
      {
        id: expect.any(String),
        previousUntil: null,
        name: 'old',
        role: 'Viewer',
        instances: null,
        createdAt: expect.stringMatching(/Z$/),
        revokedAt: expect.stringMatching(/Z$/),
      },
    ]);
    expect((await listTokens(store.pool, workspace)).find((token) => token.name === 'listed')).toMatchObject({
      role: 'Editor',
      instances: ['a', 'b'],
      revokedAt: null,
    });
  });
});

describe('A token that the operator chose', () => {
  const chosen = 'chosen-by-the-operator-0123456789abcdef';

  it('works, is changed by the next start, and comes back after it was revoked', async () => {
    const give = (token: string) => ensureToken(store.pool, workspace, { name: 'environment', token });
    await give(chosen);
    await give(chosen);
    expect((await authenticate(chosen)).tokenName).toBe('environment');
    await give(`${chosen}-2`);
    await expect(authenticate(chosen)).rejects.toMatchObject({ code: 'unauthenticated' });
    await revokeToken(store.pool, workspace, 'environment');
    await give(`${chosen}-2`);
    expect((await authenticate(`${chosen}-2`)).workspace).toBe('mine');
  });

  it.each(['', 'short', 'x'.repeat(31), `with space ${'x'.repeat(40)}`, `ü${'x'.repeat(40)}`, 'x'.repeat(257)])(
    'is refused when it is not safe or cannot be sent: %j',
    async (token) => {
      await expect(ensureToken(store.pool, workspace, { name: 'bad', token })).rejects.toMatchObject({
        code: 'config_invalid',
        message: expect.stringContaining('openssl rand'),
      });
    },
  );
});

it('A token cannot mean two things', async () => {
  await ensureToken(store.pool, workspace, { name: 'first', token: 'the-same-token-in-two-places-0123456789' });
  await expect(ensureToken(store.pool, other, { name: 'second', token: 'the-same-token-in-two-places-0123456789' })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.not.stringContaining('the-same-token'),
  });
});

describe('A workspace', () => {
  it('is made once and takes the settings of the latest start', async () => {
    const grafana = { issuer: 'http://grafana', keysUrl: 'http://grafana/keys', orgs: [1, 2] };
    const id = await ensureWorkspace(store.pool, 'repeated', { grafana: null });
    expect(await ensureWorkspace(store.pool, 'repeated', { grafana })).toBe(id);
    const token = await createToken(store.pool, id, { name: 'all' });
    expect((await authenticate(token)).grafana).toEqual(grafana);
    await ensureWorkspace(store.pool, 'repeated', { grafana: null });
    expect((await authenticate(token)).grafana).toBeNull();
  });
});
