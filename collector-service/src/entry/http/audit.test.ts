import { grantScope } from '../../engine/access/grants.ts';
import type { AuditEntry, AuditPage } from '../../contract/audit.ts';
import { API, type RouteName } from '../../contract/api.ts';
import { serveAndHold } from '@amc-reports/test-support/http/held-run.ts';
import { createWorld, type World } from '@amc-reports/test-support/http/world.ts';

let world: World;
const ids: Record<'collection' | 'unscheduled' | 'schedule' | 'rule' | 'held', string> = {
  collection: '',
  unscheduled: '',
  schedule: '',
  rule: '',
  held: '',
};
const DATASET = 'campaign_performance';
const reason = 'seen in the console';

beforeAll(async () => {
  world = await createWorld({ limits: { write: { burst: 1000, perSecond: 1000 } } });
});
afterAll(() => world.close());

/** Each deed by a person's request: what is sent, and what the record must say of it. In an order in which each is possible. */
const DEEDS: Partial<Record<RouteName, { send: () => { path: string; json?: unknown }; action: string; keep?: keyof typeof ids }>> = {
  createCollection: {
    send: () => ({ path: '/v1/collections', json: { instance: 'n1', dataset: DATASET, weeks: 3 } }),
    action: 'collection.create',
    keep: 'collection',
  },
  pauseCollection: { send: () => ({ path: `/v1/collections/${ids.collection}/pause` }), action: 'collection.pause' },
  resumeCollection: { send: () => ({ path: `/v1/collections/${ids.collection}/resume` }), action: 'collection.resume' },
  retryWeek: { send: () => ({ path: `/v1/collections/${ids.collection}/weeks/2026-11-02/retry` }), action: 'collection.retryWeek' },
  confirmWeek: {
    send: () => ({ path: `/v1/collections/${ids.collection}/weeks/2026-11-02/confirm`, json: { reason } }),
    action: 'collection.confirmWeek',
  },
  createSchedule: {
    send: () => ({ path: '/v1/schedules', json: { name: 'weekly', template: 'weekly', collections: [ids.collection] } }),
    action: 'schedule.create',
    keep: 'schedule',
  },
  scheduleCollection: {
    send: () => ({ path: `/v1/collections/${ids.unscheduled}/schedule`, json: { id: ids.schedule } }),
    action: 'schedule.join',
  },
  editSchedule: { send: () => ({ path: `/v1/schedules/${ids.schedule}`, json: { restateWeeks: 1 } }), action: 'schedule.edit' },
  pauseSchedule: { send: () => ({ path: `/v1/schedules/${ids.schedule}/pause` }), action: 'schedule.pause' },
  resumeSchedule: { send: () => ({ path: `/v1/schedules/${ids.schedule}/resume` }), action: 'schedule.resume' },
  runSchedule: { send: () => ({ path: `/v1/schedules/${ids.schedule}/run` }), action: 'schedule.run' },
  deleteSchedule: { send: () => ({ path: `/v1/schedules/${ids.schedule}` }), action: 'schedule.delete' },
  setAcceptanceRule: {
    send: () => ({ path: '/v1/acceptance-rules', json: { dataset: DATASET, instance: 'n1', maxMove: 0.1, reason } }),
    action: 'acceptanceRule.set',
    keep: 'rule',
  },
  removeAcceptanceRule: { send: () => ({ path: `/v1/acceptance-rules/${ids.rule}` }), action: 'acceptanceRule.remove' },
  keepHeldRun: { send: () => ({ path: `/v1/held-runs/${ids.held}/keep`, json: { reason } }), action: 'heldRun.keep' },
  acceptHeldRun: { send: () => ({ path: `/v1/held-runs/${ids.held}/accept`, json: { reason } }), action: 'heldRun.accept' },
  runAgainHeldRun: { send: () => ({ path: `/v1/held-runs/${ids.held}/run-again`, json: { reason } }), action: 'heldRun.runAgain' },
  decideHeldRuns: {
    send: () => ({ path: '/v1/held-runs/decide', json: { decision: 'keep', reason, runs: [ids.held] } }),
    action: 'heldRun.keep',
  },
  cancelCollection: { send: () => ({ path: `/v1/collections/${ids.collection}/cancel` }), action: 'collection.cancel' },
};
/** Asks, and changes nothing. */
const READS_BY_POST: readonly RouteName[] = ['query'];
const HELD = ['keepHeldRun', 'acceptHeldRun', 'runAgainHeldRun', 'decideHeldRuns'];

const mutating = (Object.keys(API) as RouteName[]).filter((name) => API[name].method !== 'get' && !READS_BY_POST.includes(name));
const record = async (): Promise<AuditEntry[]> => {
  const response = await world.request('/v1/audit?limit=500', { identity: await world.grafana.sign({ username: 'root' }) });
  expect(response.status).toBe(200);
  return ((await response.json()) as AuditPage).entries;
};

it.each(mutating)('the route %s has a case here', (name) => {
  expect(DEEDS[name]).toBeDefined();
});

it.each(Object.entries(DEEDS))('%s leaves a record with the person who did it, and none when it was refused', async (name, deed) => {
  const route = name as RouteName;
  if (HELD.includes(name)) ids.held = await heldRun(name);
  if (name === 'confirmWeek') await doubtWeek();
  if (name === 'scheduleCollection') ids.unscheduled = await anotherCollection();
  const { path, json } = deed.send();
  const send = async (who: { role: string; username: string }) =>
    world.request(path, {
      method: API[route].method.toUpperCase(),
      identity: await world.grafana.sign({ sub: `user:${who.username}`, ...who }),
      ...(json === undefined ? {} : { json }),
    });
  const before = await record();
  expect((await send({ role: 'Viewer', username: 'eve' })).status).toBe(403);
  expect(await record()).toEqual(before);
  const response = await send({ role: 'Editor', username: `grace ${name}` });
  const body = (await response.json()) as { id?: string };
  expect({ ok: response.ok, body }).toMatchObject({ ok: true });
  if (deed.keep) ids[deed.keep] = body.id!;
  const added = (await record()).filter(({ id }) => !before.some((each) => each.id === id));
  expect(added).toContainEqual(
    expect.objectContaining({ person: `grace ${name}`, action: deed.action, subject: expect.stringMatching(/\w+ \S+/) }),
  );
  for (const { person } of added) expect([`grace ${name}`, 'collector']).toContain(person);
});

/** Made by nobody of these deeds, and held by no schedule. */
const anotherCollection = async (): Promise<string> => {
  const json = { instance: 'n2', dataset: DATASET, weeks: 1 };
  return ((await (await world.request('/v1/collections', { token: world.tokens.editor, json })).json()) as { id: string }).id;
};

const doubtWeek = () =>
  world.store.pool.query(
    `UPDATE report_data_weeks SET doubt = '{"findings": [], "note": ""}' WHERE instance_id = $1 AND week = '2026-11-02'`,
    [world.ids.n1],
  );

/** Another week of n1 served, with a run held, for the deed that decides about it. */
async function heldRun(deed: string): Promise<string> {
  const week = ['2026-10-26', '2026-11-02', '2026-11-09', '2026-10-19'][HELD.indexOf(deed)]!;
  const row = { campaign: 'Spring', impressions: '1000', clicks: '50' };
  return serveAndHold(world, { collectionId: ids.collection, instanceId: world.ids.n1, week }, [row], [{ ...row, clicks: '5' }]);
}

describe('The record', () => {
  const ask = async (query: string, claims = {}, token = world.tokens.north) => {
    const response = await world.request(`/v1/audit${query}`, { token, identity: await world.grafana.sign(claims) });
    return { status: response.status, page: (await response.json()) as AuditPage & { detail: string } };
  };

  it('comes in pages, newest first, without a gap or a double', async () => {
    const all = (await ask('?limit=500')).page.entries;
    expect(all.length).toBeGreaterThan(10);
    const paged: AuditEntry[] = [];
    for (let query = '?limit=3'; ;) {
      const { entries, next } = (await ask(query)).page;
      paged.push(...entries);
      if (next === null) break;
      query = `?limit=3&before=${next}`;
    }
    expect(paged).toEqual(all);
    expect(all.map(({ id }) => Number(id))).toEqual(all.map(({ id }) => Number(id)).sort((a, b) => b - a));
  });

  it('can be asked for one person or one kind of deed', async () => {
    expect((await ask('?person=grace+pauseCollection')).page.entries.map(({ action }) => action)).toEqual(['collection.pause']);
    const actions = new Set((await ask('?action=schedule')).page.entries.map(({ action }) => action.split('.')[0]));
    expect(actions).toEqual(new Set(['schedule']));
    expect((await ask('?action=sched')).page.entries).toEqual([]);
    for (const bad of ['?limit=0', '?limit=501', '?before=x', '?since=1']) expect((await ask(bad)).status).toBe(400);
  });

  it('is for administrators who may see the whole workspace', async () => {
    expect((await ask('', { role: 'Editor' })).status).toBe(403);
    expect((await ask('', {}, world.tokens.n1)).page.detail).toContain('whole workspace');
    await grantScope(world.store.pool, world.ids.north, { kind: 'person', subject: 'ada', instances: ['n1'], createdBy: 'test' });
    expect((await ask('')).status).toBe(403);
    await grantScope(world.store.pool, world.ids.north, { kind: 'person', subject: 'ada', createdBy: 'test' });
    expect((await ask('')).status).toBe(200);
  });
});
