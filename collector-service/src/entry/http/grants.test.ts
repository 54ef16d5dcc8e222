import { grantScope, listGrants, revokeScope, type NewGrant } from '../../engine/access/grants.ts';
import { saveGrafanaAccess } from '../../data/connect/grafana-token.ts';
import { Secret } from '../../ground/secret.ts';
import type { Catalogue } from '../../contract/catalogue.ts';
import { createWorld, QUERY, type World } from '@amc-reports/test-support/http/world.ts';

let world: World;
const collections: Record<string, string> = {};
let now = 0;

beforeAll(async () => {
  world = await createWorld({ limits: { write: { burst: 1000, perSecond: 1000 } } });
  world.teamClock = () => now;
  for (const instance of ['n1', 'n2']) {
    const json = { instance, dataset: 'campaign_performance', weeks: 3 };
    const response = await world.request('/v1/collections', { token: world.tokens.editor, json });
    collections[instance] = ((await response.json()) as { id: string }).id;
  }
  world.grafana.teams.push({ id: 4, name: 'EU team', members: [2, 3] }, { id: 5, name: 'EU team and friends', members: [9] });
});
afterAll(() => world.close());
beforeEach(async () => {
  now += 3_600_000;
  world.grafana.teamFault(null);
  await world.store.pool.query('DELETE FROM scope_grants');
  await world.store.transaction((tx) => saveGrafanaAccess(tx, world.keyring, world.ids.north, access()));
});

const access = () => ({ apiUrl: world.grafana.apiUrl, token: new Secret(world.grafana.serviceToken) });
const grant = (options: Omit<NewGrant, 'createdBy'>) => grantScope(world.store.pool, world.ids.north, { createdBy: 'test', ...options });
const ada = () => world.grafana.sign();
const bob = (claims = {}) => world.grafana.sign({ sub: 'user:2', username: 'bob', email: 'bob@example.com', ...claims });
const seenBy = async (identity: Promise<string>, token = world.tokens.north) => {
  const response = await world.request('/v1/catalogue', { identity: await identity, token });
  return response.status === 200 ? ((await response.json()) as Catalogue).instances.map(({ instance }) => instance) : response.status;
};

describe('A workspace without grants', () => {
  it('shows all of itself to everybody its Grafana vouches for, and asks for no teams', async () => {
    const before = world.grafana.teamRequests();
    expect([await seenBy(ada()), await seenBy(bob())]).toEqual([
      ['n1', 'n2'],
      ['n1', 'n2'],
    ]);
    expect(world.grafana.teamRequests()).toBe(before);
  });
});

describe('A grant to a person', () => {
  it('shows its instances to that person, by login, verified e-mail or id, and nothing to anybody else', async () => {
    await grant({ kind: 'person', subject: 'BOB', instances: ['n1'] });
    expect([await seenBy(bob()), await seenBy(ada())]).toEqual([['n1'], []]);
    await grant({ kind: 'person', subject: 'bob@example.com', instances: ['n2'] });
    expect(await seenBy(bob())).toEqual(['n1']);
    expect(await seenBy(bob({ email_verified: true }))).toEqual(['n1', 'n2']);
    await grant({ kind: 'person', subject: 'user:1', instances: ['n2'] });
    expect(await seenBy(ada())).toEqual(['n2']);
  });

  it('to * is for everybody who is signed in, not for the anonymous', async () => {
    await grant({ kind: 'person', subject: '*', instances: ['n2'] });
    expect(await seenBy(ada())).toEqual(['n2']);
    expect(await seenBy(world.grafana.sign({ sub: 'anonymous:0', username: '*', email: '*' }))).toEqual([]);
    expect(await seenBy(world.grafana.sign({ sub: 'user:7', username: '*' }))).toEqual(['n2']);
  });

  it('never shows more than the token does', async () => {
    await grant({ kind: 'person', subject: 'bob' });
    expect(await seenBy(bob(), world.tokens.n1)).toEqual(['n1']);
  });

  it('caps the role of Grafana and never lifts it', async () => {
    await grant({ kind: 'person', subject: 'bob', role: 'Viewer' });
    const pause = async (role: string) =>
      (await world.request(`/v1/collections/${collections.n1}/pause`, { method: 'POST', identity: await bob({ role }) })).status;
    expect(await pause('Admin')).toBe(403);
    await grant({ kind: 'person', subject: 'bob', role: 'Admin' });
    expect([await pause('Viewer'), await pause('Editor')]).toEqual([403, 200]);
  });

  it('leaves what the token alone may see: alert rules and public dashboards carry no person', async () => {
    await grant({ kind: 'person', subject: 'bob', instances: ['n1'] });
    const response = await world.request('/v1/catalogue');
    expect(((await response.json()) as Catalogue).instances).toHaveLength(2);
  });

  it('ends at once, and the last one not by accident', async () => {
    await grant({ kind: 'person', subject: 'bob', instances: ['n1'] });
    const revoke = (openToAll: boolean) =>
      world.store.transaction((tx) => revokeScope(tx, world.ids.north, { kind: 'person', subject: 'bob' }, openToAll));
    await expect(revoke(false)).rejects.toMatchObject({ code: 'conflict' });
    expect(await listGrants(world.store.pool, world.ids.north)).toMatchObject([{ subject: 'bob', instances: ['n1'], role: null }]);
    expect(await seenBy(ada())).toEqual([]);
    await grant({ kind: 'person', subject: 'ada' });
    await revoke(false);
    expect([await seenBy(bob()), await seenBy(ada())]).toEqual([[], ['n1', 'n2']]);
    await expect(grant({ kind: 'person', subject: 'x', instances: ['s1'] })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('A grant to a team', () => {
  it('shows its instances to the members, by the team’s name or id, together with their own', async () => {
    await grant({ kind: 'team', subject: 'EU team', instances: ['n1'] });
    await grant({ kind: 'person', subject: 'bob', instances: ['n2'] });
    const carol = world.grafana.sign({ sub: 'user:3', username: 'carol' });
    expect([await seenBy(bob()), await seenBy(carol), await seenBy(ada())]).toEqual([['n1', 'n2'], ['n1'], []]);
    await world.store.pool.query('DELETE FROM scope_grants');
    await grant({ kind: 'team', subject: '5', instances: ['n2'] });
    await grant({ kind: 'team', subject: 'EU', instances: ['n1'] });
    expect(await seenBy(world.grafana.sign({ sub: 'user:uid9', identifier: 'uid9', username: 'dan' }))).toEqual(['n2']);
    expect(await seenBy(bob())).toEqual([]);
    expect(await seenBy(world.grafana.sign({ sub: 'service-account:9', username: 'dan' }))).toEqual([]);
  });

  it('is looked up once a minute, not once a request', async () => {
    await grant({ kind: 'team', subject: '4', instances: ['n1'] });
    const before = world.grafana.teamRequests();
    for (let i = 0; i < 3; i++) expect(await seenBy(bob())).toEqual(['n1']);
    expect(world.grafana.teamRequests() - before).toBe(1);
    world.grafana.teams[0]!.members = [3];
    now += 61_000;
    expect(await seenBy(bob())).toEqual([]);
    world.grafana.teams[0]!.members = [2, 3];
  });

  it.each([[500], [401], ['silence'] as const])(
    'shuts people out while Grafana answers %s, machines go on, and comes back with it',
    async (fault) => {
      await grant({ kind: 'team', subject: '4', instances: ['n1'] });
      await grant({ kind: 'person', subject: 'ada' });
      expect(await seenBy(bob())).toEqual(['n1']);
      world.grafana.teamFault(fault);
      expect(await seenBy(bob())).toEqual(['n1']);
      now += 61_000;
      const response = await world.request('/v1/catalogue', { identity: await bob() });
      expect(response.status).toBe(503);
      const words = await response.text();
      expect(words).toContain('GRAFANA_SERVICE_ACCOUNT_TOKEN');
      expect(words).not.toContain(world.grafana.serviceToken);
      expect((await world.request('/v1/catalogue')).status).toBe(200);
      world.grafana.teamFault(null);
      expect(await seenBy(bob())).toEqual(['n1']);
    },
  );

  it('shuts people out where no access to Grafana’s teams is configured', async () => {
    await grant({ kind: 'team', subject: '4' });
    await world.store.transaction((tx) => saveGrafanaAccess(tx, world.keyring, world.ids.north, null));
    expect(await seenBy(bob())).toBe(503);
  });
});

describe('A person with a narrow grant', () => {
  beforeEach(() => grant({ kind: 'person', subject: 'bob', instances: ['n1'] }));

  it.each(['', '/pause', '/resume', '/cancel', '/weeks/2026-11-02/retry'])(
    'finds no collection of another instance: %s',
    async (action) => {
      const method = action === '' ? 'GET' : 'POST';
      const response = await world.request(`/v1/collections/${collections.n2}${action}`, {
        method,
        identity: await bob({ role: 'Admin' }),
      });
      expect(response.status).toBe(404);
    },
  );

  it('finds nothing of it in lists, values and queries, and is answered from nobody else’s cache', async () => {
    await grant({ kind: 'person', subject: 'ada' });
    const week = '2026-10-05';
    for (const [instance, spend] of [
      ['n1', 1],
      ['n2', 41],
    ] as const) {
      await world.store.pool.query(
        `INSERT INTO report_data_weeks (instance_id, dataset, dataset_version, week, data_version, accepted_run_id, collected_at)
         VALUES ($1, 'campaign_performance', 2, $2, 1, 1, now())
         ON CONFLICT (instance_id, dataset, dataset_version, week) DO UPDATE SET data_version = 1, accepted_run_id = 1, collected_at = now()`,
        [world.ids[instance], week],
      );
      await addSpend(world, world.ids[instance], week, spend);
    }
    const spendOf = async (identity: string): Promise<number> => {
      const response = await world.request('/v1/query', { identity, json: QUERY });
      const { results } = (await response.json()) as {
        results: Record<string, { frames?: { data: { values: number[][] } }[]; error?: string }>;
      };
      expect(results.A?.error).toBeUndefined();
      return (results.A!.frames ?? []).flatMap((frame) => frame.data.values[1] ?? []).reduce((sum, value) => sum + (value ?? 0), 0);
    };
    const [all, narrow] = [await ada(), await bob()];
    for (let round = 0; round < 2; round++) expect([await spendOf(all), await spendOf(narrow)]).toEqual([42, 1]);
    expect((await world.request('/v1/query', { identity: narrow, json: { ...QUERY, instances: ['n2'] } })).status).toBe(403);
    for (const path of ['/v1/collections', '/v1/catalogue', '/v1/dimensions/instance/values', '/v1/health'])
      expect(await (await world.request(path, { identity: narrow })).text()).not.toMatch(/"n2"|Instance n2/);
  });
});

/** A served week with this much spend, in the roll-up that answers weekly totals. */
async function addSpend({ store }: World, instanceId: string, week: string, spend: number): Promise<void> {
  const { rows } = await store.pool.query<{ name: string; type: string }>(
    `SELECT column_name AS name, data_type AS type FROM information_schema.columns
     WHERE table_name = 'rollup_campaign_performance_v2_total_week' ORDER BY ordinal_position`,
  );
  const value = ({ name, type }: { name: string; type: string }): unknown => {
    if (name === 'instance_id') return instanceId;
    if (name === 'week') return week;
    if (name === 'bucket') return week;
    if (name === 'currency') return 'USD';
    if (name === 'sponsored_ads_spend') return spend;
    return type === 'text' ? '' : type === 'boolean' ? false : 0;
  };
  await store.pool.query(
    `INSERT INTO rollup_campaign_performance_v2_total_week (${rows.map(({ name }) => name).join(', ')})
     VALUES (${rows.map((_, index) => `$${index + 1}`).join(', ')})`,
    rows.map(value),
  );
}
