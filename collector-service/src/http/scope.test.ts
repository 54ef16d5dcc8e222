import { createWorld, QUERY, type World } from './testing/world.ts';

let world: World;
const collections: Record<string, string> = {};

beforeAll(async () => {
  world = await createWorld({ limits: { write: { burst: 1000, perSecond: 1000 } } });
  for (const [instance, token] of [
    ['n1', world.tokens.editor],
    ['n2', world.tokens.editor],
    ['s1', world.tokens.south],
  ] as const) {
    const response = await world.request('/v1/collections', { token, json: { instance, dataset: 'campaign_performance', weeks: 3 } });
    collections[instance] = ((await response.json()) as { id: string }).id;
  }
});
afterAll(() => world.close());

/** A neighbour in the workspace by a token for n1 only, and a stranger by another workspace's token. */
const CROSSINGS = [
  ['n1', 'n2'],
  ['n1', 's1'],
  ['south', 'n1'],
  ['north', 's1'],
] as const;

describe.each(CROSSINGS)('With the token of %s, what belongs to %s', (tokenName, foreign) => {
  const token = () => world.tokens[tokenName];

  it('is not in the list, the catalogue or the values of the dimension instance', async () => {
    for (const path of ['/v1/collections', '/v1/catalogue', '/v1/dimensions/instance/values']) {
      const response = await world.request(path, { token: token() });
      expect(response.status).toBe(200);
      expect(await response.text()).not.toContain(`"${foreign}"`);
    }
  });

  it.each(['', '/pause', '/resume', '/cancel', '/weeks/2026-11-02/retry'])('does not exist: /v1/collections/{id}%s', async (action) => {
    const identity = tokenName === 'south' ? {} : { identity: await world.grafana.sign() };
    const ask = (id: string) =>
      world.request(`/v1/collections/${id}${action}`, { token: token(), ...identity, method: action === '' ? 'GET' : 'POST' });
    const [response, missing] = [await ask(collections[foreign]!), await ask('987654321')];
    expect(response.status).toBe(404);
    const words = (await response.text()).replaceAll(collections[foreign]!, 'ID');
    expect(words).toBe((await missing.text()).replaceAll('987654321', 'ID'));
  });

  it('cannot be collected', async () => {
    const identity = tokenName === 'south' ? {} : { identity: await world.grafana.sign() };
    const response = await world.request('/v1/collections', {
      token: token(),
      ...identity,
      json: { instance: foreign, dataset: 'reach_frequency', weeks: 1 },
    });
    expect(response.status).toBe(404);
  });

  it('cannot be asked for', async () => {
    const response = await world.request('/v1/query', { token: token(), json: { ...QUERY, instances: [foreign] } });
    expect(response.status).toBe(403);
    const made = await world.request('/v1/query', { token: token(), json: { ...QUERY, instances: ['made-up'] } });
    expect((await response.text()).replaceAll(foreign, 'X')).toBe((await made.text()).replaceAll('made-up', 'X'));
  });
});

it('nothing of the above changed the collections', async () => {
  const { rows } = await world.store.pool.query('SELECT DISTINCT state FROM report_data_collections');
  expect(rows).toEqual([{ state: 'running' }]);
});

it('a caller acts on its own', async () => {
  const act = (path: string) => world.request(`/v1/collections/${collections.n1}${path}`, { token: world.tokens.n1, method: 'POST' });
  expect(await (await act('/pause')).json()).toMatchObject({ state: 'paused' });
  expect(await (await act('/resume')).json()).toMatchObject({ state: 'running' });
  const retried = await act('/weeks/2026-11-02/retry');
  expect(retried.status).toBe(202);
  expect(await retried.json()).toMatchObject({ week: '2026-11-02', state: 'planned' });
  expect(await (await act('/cancel')).json()).toMatchObject({ state: 'cancelled' });
  expect((await act('/resume')).status).toBe(409);
});
