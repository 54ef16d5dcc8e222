import type { Collection } from '../../contract/collections.ts';
import type { ScheduleTick } from '../../contract/schedule-ticks.ts';
import type { Schedule } from '../../contract/schedules.ts';
import { createWorld, type RequestOptions, type World } from '@amc-reports/test-support/http/world.ts';

let world: World;
const collections: Record<string, string> = {};
/** n1 alone, and n1's other dataset together with n2. */
let own: Schedule;
let shared: Schedule;

const ask = async <T>(path: string, options: RequestOptions = {}): Promise<{ status: number; body: T }> => {
  const response = await world.request(path, options);
  return { status: response.status, body: (await response.json()) as T };
};
const WEEKLY = { cron: '0 6 * * 3', timeZone: 'America/Los_Angeles' };

beforeAll(async () => {
  world = await createWorld({ limits: { write: { burst: 1000, perSecond: 1000 } } });
  for (const [instance, dataset, token] of [
    ['n1', 'campaign_performance', world.tokens.editor],
    ['n1', 'reach_frequency', world.tokens.editor],
    ['n2', 'reach_frequency', world.tokens.editor],
    ['s1', 'campaign_performance', world.tokens.south],
  ] as const) {
    const { body } = await ask<Collection>('/v1/collections', { token, json: { instance, dataset, weeks: 3 } });
    collections[`${instance} ${dataset}`] = body.id;
  }
  const make = (name: string, ...ids: (string | undefined)[]) =>
    ask<Schedule>('/v1/schedules', { token: world.tokens.editor, json: { name, ...WEEKLY, collections: ids } });
  own = (await make('own', collections['n1 campaign_performance'])).body;
  shared = (await make('shared', collections['n1 reach_frequency'], collections['n2 reach_frequency'])).body;
});
afterAll(() => world.close());

describe('roles', () => {
  test.each(['', '/history'])('a Viewer reads %s', async (path) => {
    expect((await ask(`/v1/schedules/${own.id}${path}`)).status).toBe(200);
  });
  test('a Viewer reads the list, the templates and a preview', async () => {
    for (const path of ['/v1/schedules', '/v1/schedule-templates', '/v1/schedule-preview?cron=0+6+*+*+3&timeZone=UTC'])
      expect((await ask(path)).status).toBe(200);
  });
  test.each([
    ['POST', '/v1/schedules', { name: 'x', template: 'weekly', dataset: 'campaign_performance' }],
    ['PATCH', '/v1/schedules/{id}', { name: 'x' }],
    ['DELETE', '/v1/schedules/{id}', undefined],
    ['POST', '/v1/schedules/{id}/pause', undefined],
    ['POST', '/v1/schedules/{id}/resume', undefined],
    ['POST', '/v1/schedules/{id}/run', undefined],
  ])('a Viewer may not %s %s', async (method, path, json) => {
    const { status, body } = await ask(path.replace('{id}', own.id), { method, ...(json && { json }) });
    expect({ status, body }).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  });
});

describe('scope: a schedule is seen by those who see all of its instances', () => {
  test('the list holds those, and no other', async () => {
    const names = async (token: string) =>
      (await ask<{ schedules: Schedule[] }>('/v1/schedules', { token })).body.schedules.map((each) => each.name);
    expect(await names(world.tokens.north)).toEqual(['own', 'shared']);
    expect(await names(world.tokens.n1)).toEqual(['own']);
    expect(await names(world.tokens.south)).toEqual([]);
  });

  test.each([
    ['GET', '', undefined],
    ['GET', '/history', undefined],
    ['PATCH', '', { name: 'mine' }],
    ['DELETE', '', undefined],
    ['POST', '/pause', undefined],
    ['POST', '/resume', undefined],
    ['POST', '/run', undefined],
  ])('%s {id}%s of one that also holds a foreign instance is as if it were not there', async (method, path, json) => {
    for (const [token, id] of [
      [world.tokens.n1, shared.id],
      [world.tokens.south, own.id],
    ] as const) {
      const options = { token, method, ...(json && { json }) };
      const [foreign, missing] = [await ask(`/v1/schedules/${id}${path}`, options), await ask(`/v1/schedules/987654321${path}`, options)];
      expect(foreign.status).toBe(404);
      expect(
        JSON.stringify(foreign.body)
          .replaceAll(id, 'ID')
          .replace(/"requestId":"[^"]*"/, ''),
      ).toBe(
        JSON.stringify(missing.body)
          .replaceAll('987654321', 'ID')
          .replace(/"requestId":"[^"]*"/, ''),
      );
    }
  });

  test('a collection outside the scope cannot be scheduled, neither by id nor by dataset', async () => {
    const make = (json: object) => ask<Schedule>('/v1/schedules', { token: world.tokens.n1, json: { name: 'other', ...WEEKLY, ...json } });
    expect(await make({ collections: [collections['n2 reach_frequency']] })).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect(await make({ collections: [collections['s1 campaign_performance']] })).toMatchObject({ status: 404 });
    const edited = await ask(`/v1/schedules/${own.id}`, {
      token: world.tokens.n1,
      method: 'PATCH',
      json: { collections: [collections['n2 reach_frequency']] },
    });
    expect(edited.status).toBe(404);
  });

  test('a conflict names the other schedule only to those who see it', async () => {
    const make = (token: string) =>
      ask<{ detail: string }>('/v1/schedules', {
        token,
        json: { name: 'third', ...WEEKLY, collections: [collections['n1 reach_frequency']] },
      });
    const [all, one] = [await make(world.tokens.editor), await make(world.tokens.n1)];
    expect([all.status, one.status]).toEqual([409, 409]);
    expect(all.body.detail).toContain("'shared'");
    expect(one.body.detail).not.toContain('shared');
  });
});

test('the life of a schedule: made from a template, previewed, edited, paused, resumed, run, looked at, deleted', async () => {
  const token = world.tokens.editor;
  const { body: collection } = await ask<Collection>('/v1/collections', {
    token,
    json: { instance: 'n2', dataset: 'campaign_performance', weeks: 2, lastWeek: '2026-11-02' },
  });
  const { body: templates } = await ask<{ templates: { template: string; cron: string }[] }>('/v1/schedule-templates');
  expect(templates.templates.map(({ template }) => template)).toEqual(['weekly', 'weekly_deep', 'daily']);
  const made = await ask<Schedule>('/v1/schedules', { token, json: { name: 'life', template: 'daily', collections: [collection.id] } });
  expect(made).toMatchObject({
    status: 201,
    body: { template: 'daily', restateWeeks: 2, timeZone: 'America/Los_Angeles', state: 'active' },
  });
  const path = `/v1/schedules/${made.body.id}`;
  const preview = await ask<{ runs: string[] }>('/v1/schedule-preview?cron=0+6+*+*+*&timeZone=America/Los_Angeles&count=3');
  expect(preview.body.runs).toHaveLength(3);
  expect((await ask<{ nextRuns: string[] }>(path)).body.nextRuns.slice(0, 3)).toEqual(preview.body.runs);
  expect((await ask(path, { token, method: 'PATCH', json: { cron: '0 7 * * 1' } })).body).toMatchObject({ cron: '0 7 * * 1' });
  expect((await ask(`${path}/pause`, { token, method: 'POST' })).body).toMatchObject({ state: 'paused', nextAt: null });
  expect((await ask(`${path}/resume`, { token, method: 'POST' })).body).toMatchObject({ state: 'active' });
  const run = await ask<ScheduleTick>(`${path}/run`, { token, method: 'POST' });
  expect(run).toMatchObject({ status: 202, body: { kind: 'manual', askedBy: 'token:robot', weeksPlanned: 1, weeksSkipped: 2 } });
  expect(run.body.collections[0]).toMatchObject({ added: ['2026-11-09'], runs: { planned: 1 } });
  expect((await ask(`${path}/history?limit=1`)).body).toEqual({ ticks: [run.body], next: null });
  expect((await ask(path, { token, method: 'DELETE' })).body).toMatchObject({ name: 'life' });
  expect((await ask(path)).status).toBe(404);
});

test.each([
  ['nothing', {}],
  ['no cron and no template', { name: 'x', dataset: 'campaign_performance' }],
  ['no collections', { name: 'x', ...WEEKLY }],
  ['an empty list', { name: 'x', ...WEEKLY, collections: [] }],
  ['both ways', { name: 'x', ...WEEKLY, collections: ['1'], dataset: 'campaign_performance' }],
  ['an empty name', { name: ' ', ...WEEKLY, dataset: 'campaign_performance' }],
  ['a huge name', { name: 'x'.repeat(101), ...WEEKLY, dataset: 'campaign_performance' }],
  ['a bad cron', { name: 'x', cron: '61 * * * *', dataset: 'campaign_performance' }],
  ['a cron that is too frequent', { name: 'x', cron: '*/10 * * * *', dataset: 'campaign_performance' }],
  ['an unknown zone', { name: 'x', cron: '0 6 * * 3', timeZone: 'Nowhere/Land', dataset: 'campaign_performance' }],
  ['an unknown template', { name: 'x', template: 'hourly', dataset: 'campaign_performance' }],
  ['weeks below zero', { name: 'x', ...WEEKLY, restateWeeks: -1, dataset: 'campaign_performance' }],
  ['too many weeks', { name: 'x', ...WEEKLY, deepRestateWeeks: 57, dataset: 'campaign_performance' }],
  ['half a second of stagger', { name: 'x', ...WEEKLY, staggerSeconds: 0.5, dataset: 'campaign_performance' }],
  ['SQL for an id', { name: 'x', ...WEEKLY, collections: ["1'; DROP TABLE schedules; --"] }],
  ['a field it does not know', { name: 'x', ...WEEKLY, dataset: 'campaign_performance', every: 'week' }],
])('a request with %s is refused', async (_what, json) => {
  const { status, body } = await ask<{ code: string }>('/v1/schedules', { token: world.tokens.editor, json });
  expect({ status, code: body.code }).toEqual({ status: 400, code: 'invalid_request' });
});

test.each([
  ['/v1/schedule-preview', 400],
  ['/v1/schedule-preview?cron=0+6+*+*+3', 400],
  ['/v1/schedule-preview?cron=0+6+*+*+3&timeZone=UTC&count=1000', 400],
  ['/v1/schedule-preview?cron=*+*+*+*+*&timeZone=UTC', 400],
  ['/v1/schedules/abc', 400],
  ['/v1/schedules/1/history?limit=0', 400],
  ['/v1/schedules/1/history?before=x', 400],
])('GET %s is answered with %i', async (path, status) => {
  expect((await ask(path)).status).toBe(status);
});

test('an edit must change something', async () => {
  const { status } = await ask(`/v1/schedules/${own.id}`, { token: world.tokens.editor, method: 'PATCH', json: {} });
  expect(status).toBe(400);
});

test('while the clocks contradict each other nobody can tick or start a collection, and the answer says what to do', async () => {
  await world.store.pool.query(`UPDATE clock_seen SET seen_at = now() - interval '2 years'`);
  const token = world.tokens.editor;
  const wishes = [
    await ask(`/v1/schedules/${own.id}/run`, { token, method: 'POST' }),
    await ask('/v1/collections', { token, json: { instance: 'n2', dataset: 'campaign_performance', weeks: 3 } }),
  ];
  for (const { status, body } of wishes)
    expect({ status, body }).toMatchObject({
      status: 503,
      body: { code: 'clocks_disagree', detail: expect.stringContaining('collector clock confirm') },
    });
  await world.store.pool.query('UPDATE clock_seen SET seen_at = now()');
});
