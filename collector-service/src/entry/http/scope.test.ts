import { grantScope } from '../../engine/access/grants.ts';
import { API, type RouteName } from '../../contract/api.ts';
import { CROSSINGS, NOBODYS, type Foreign } from '@amc-reports/test-support/http/crossings.ts';
import { readEvents } from '@amc-reports/test-support/http/event-stream.ts';
import { serveAndHold } from '@amc-reports/test-support/http/held-run.ts';
import { createWorld, QUERY, type World } from '@amc-reports/test-support/http/world.ts';

type Owner = 'n1' | 'n2' | 's1';

let world: World;
const owned: Record<string, Foreign> = {};
const WEEK = '2026-10-26';
/** Stands in every name about an instance: its collection, schedule, campaign and rule. */
const markOf = (owner: string): string => `secret-of-${owner}`;
/** Clicks of each instance's week, which no other sum can be. */
const CLICKS: Record<Owner, number> = { n1: 50_023, n2: 700_001, s1: 9_000_017 };

beforeAll(async () => {
  const plenty = { burst: 100_000, perSecond: 100_000 };
  world = await createWorld({ limits: { read: plenty, query: plenty, write: plenty } });
  for (const owner of ['n1', 'n2', 's1'] as const)
    owned[owner] = await furnish(owner, owner === 's1' ? world.tokens.south : world.tokens.editor);
  await grantScope(world.store.pool, world.ids.north, { kind: 'person', subject: 'ada', createdBy: 'test' });
  await grantScope(world.store.pool, world.ids.north, { kind: 'person', subject: 'bob', instances: ['n1'], createdBy: 'test' });
});
afterAll(() => world.close());

/** A collection with a served week, a held run, a rule and a schedule, all named after their owner. */
async function furnish(owner: Owner, token: string): Promise<Foreign> {
  const make = async (path: string, json: object): Promise<string> => {
    const response = await world.request(path, { token, json });
    const body = (await response.json()) as { id: string };
    expect([path, response.status, body.id]).toEqual([path, 201, expect.any(String)]);
    return body.id;
  };
  const mark = markOf(owner);
  const dataset = 'campaign_performance';
  const collectionId = await make('/v1/collections', { instance: owner, dataset, weeks: 3, name: mark });
  const row = { campaign: mark, impressions: '90000000', clicks: String(CLICKS[owner]) };
  const at = { collectionId, instanceId: world.ids[owner], week: WEEK };
  const runId = await serveAndHold(world, at, [row], [{ ...row, clicks: '5' }]);
  const ruleId = await make('/v1/acceptance-rules', { dataset, instance: owner, maxMove: 0.5, reason: mark });
  const scheduleId = await make('/v1/schedules', { name: mark, template: 'weekly', collections: [collectionId] });
  return { instance: owner, collectionId, runId, ruleId, scheduleId, week: WEEK };
}

/**
 * A neighbour in the workspace by a token for n1 only, a stranger by another workspace's token, and Bob, who comes with north's own token
 * and was granted n1; of whom what is wanted.
 */
const PAIRS = [
  ['n1', 'n2'],
  ['n1', 's1'],
  ['south', 'n1'],
  ['north', 's1'],
  ['bob', 'n2'],
  ['bob', 's1'],
] as const;
const routes = Object.keys(API) as RouteName[];

/** As much as the caller may be: north's token has a Grafana administrator with it, and so would Bob be but for his grant. */
async function ask(
  tokenName: (typeof PAIRS)[number][0],
  route: RouteName,
  { path, json }: { path: string; json?: unknown },
): Promise<Response> {
  const persons = { north: {}, bob: { sub: 'user:2', username: 'bob' } };
  const person = persons[tokenName as keyof typeof persons];
  return world.request(path, {
    token: tokenName === 'bob' ? world.tokens.north : world.tokens[tokenName],
    ...(person && { identity: await world.grafana.sign({ role: 'Admin', ...person }) }),
    method: API[route].method.toUpperCase(),
    ...(json === undefined ? {} : { json }),
  });
}

/** Every row that a person's request could have changed. */
const everything = async (): Promise<string> => {
  const tables = [
    'report_data_collections',
    'week_runs',
    'report_data_weeks',
    'held_runs',
    'acceptance_rules',
    'audit_log',
    'outbox',
    'schedules',
    'schedule_ticks',
  ];
  const contents = await Promise.all(tables.map((table) => world.store.pool.query(`SELECT * FROM ${table} ORDER BY 1, 2, 3, 4`)));
  return JSON.stringify(contents.map(({ rows }) => rows));
};

it.each(routes)('the route %s has a case here', (route) => {
  expect(CROSSINGS[route]).toBeDefined();
});

describe.each(PAIRS)('With the token of %s, what belongs to %s', (tokenName, owner) => {
  it.each(routes)('is out of reach by the route %s', async (route) => {
    const foreign = owned[owner]!;
    const attempts = CROSSINGS[route]?.(foreign) ?? [];
    const nobodys = CROSSINGS[route]?.(NOBODYS) ?? [];
    const before = await everything();
    for (const [index, attempt] of attempts.entries()) {
      const response = await ask(tokenName, route, attempt);
      const text = await response.text();
      if (attempt.expected === 'hidden') {
        expect([attempt.path, response.status]).toEqual([attempt.path, text.includes('"forbidden"') ? 403 : 200]);
        for (const trace of [markOf(owner), `"${owner}"`, String(CLICKS[owner])]) expect(text).not.toContain(trace);
        continue;
      }
      expect([attempt.path, response.status]).toEqual([attempt.path, attempt.expected === 'missing' ? 404 : 403]);
      const made = await ask(tokenName, route, nobodys[index]!);
      expect(anonymous(text, foreign)).toBe(anonymous(await made.text(), NOBODYS));
    }
    expect(await everything()).toBe(before);
  });

  it('does not come along in the stream of events', async () => {
    const mine = tokenName === 'south' ? 's1' : 'n1';
    const stream = readEvents(await ask(tokenName, 'events', { path: '/v1/events' }));
    await stream.next();
    const act = async (who: Owner, action: string) =>
      world.request(`/v1/collections/${owned[who]!.collectionId}/${action}`, {
        token: who === 's1' ? world.tokens.south : world.tokens.editor,
        method: 'POST',
      });
    for (const action of ['pause', 'resume']) for (const who of [owner, mine] as const) expect((await act(who, action)).status).toBe(200);
    let seen = 0;
    await stream.until(({ data }) => data?.type === 'collection' && data.collection.state === 'running' && ++seen > 0);
    expect(JSON.stringify(stream.blocks)).toContain(markOf(mine));
    expect(JSON.stringify(stream.blocks)).not.toContain(markOf(owner));
    await stream.cancel();
  });
});

/** Ids of ours and of Amazon's, wherever they stand in the words, put out of sight. */
const anonymous = (text: string, { instance, collectionId, scheduleId, runId, ruleId }: Foreign): string =>
  [collectionId, scheduleId, runId, ruleId].reduce(
    (rest, id) => rest.replaceAll(new RegExp(`\\b${id}\\b`, 'g'), 'ID'),
    text.replaceAll(instance, 'INSTANCE'),
  );

describe('An answer that is in the cache', () => {
  const ask = async (token: string) => {
    const clicks = { ...QUERY, queries: [{ metrics: ['clicks'], grain: 'total', format: 'numeric' }] };
    return (await world.request('/v1/query', { token, json: clicks })).text();
  };
  const total = (text: string): unknown =>
    (JSON.parse(text) as { results: { A: { frames: { data: { values: unknown[][] } }[] } } }).results.A.frames[0]!.data.values.flat();

  it('goes to nobody who sees less, whoever asked first', async () => {
    const [wide, narrow, other] = [world.tokens.north, world.tokens.n1, world.tokens.south];
    for (const order of [
      [wide, narrow, other],
      [other, narrow, wide],
    ])
      for (const token of order) {
        const sum = token === wide ? CLICKS.n1 + CLICKS.n2 : token === narrow ? CLICKS.n1 : CLICKS.s1;
        expect(total(await ask(token))).toContain(sum);
      }
    const again = await ask(wide);
    expect(again).toContain('"cached":true');
    expect(total(again)).toContain(CLICKS.n1 + CLICKS.n2);
  });
});

it('a caller acts on its own', async () => {
  const { collectionId, runId, ruleId } = owned.n1!;
  const act = (path: string, json?: unknown, method = 'POST') =>
    world.request(path, { token: world.tokens.n1, method, ...(json === undefined ? {} : { json }) });
  const collection = `/v1/collections/${collectionId}`;
  expect(await (await act(`${collection}/pause`)).json()).toMatchObject({ state: 'paused' });
  expect(await (await act(`${collection}/resume`)).json()).toMatchObject({ state: 'running' });
  expect((await act(`/v1/held-runs/${runId}/run-again`, { reason: 'mine' })).status).toBe(202);
  expect((await act(`/v1/acceptance-rules/${ruleId}`, undefined, 'DELETE')).status).toBe(200);
  const retried = await act(`${collection}/weeks/2026-11-02/retry`);
  expect(retried.status).toBe(202);
  expect(await retried.json()).toMatchObject({ week: '2026-11-02', state: 'planned' });
  expect(await (await act(`${collection}/cancel`)).json()).toMatchObject({ state: 'cancelled' });
  expect((await act(`${collection}/resume`)).status).toBe(409);
});
