import type { HeldRunDetail, HeldRunList } from '../../contract/held-runs.ts';
import { serveAndHold } from '@amc-reports/test-support/http/held-run.ts';
import { createWorld, type World } from '@amc-reports/test-support/http/world.ts';

let world: World;
let runId: string;
let collectionId: string;
beforeAll(async () => {
  world = await createWorld({ limits: { write: { burst: 1000, perSecond: 1000 }, read: { burst: 1000, perSecond: 1000 } } });
  const json = { instance: 'n1', dataset: 'campaign_performance', weeks: 3 };
  const created = await world.request('/v1/collections', { token: world.tokens.editor, json });
  collectionId = ((await created.json()) as { id: string }).id;
});
afterAll(() => world.close());
beforeEach(async () => {
  const at = { collectionId, instanceId: world.ids.n1, week: '2026-11-02' };
  runId = await serveAndHold(world, at, [{ clicks: '9' }, { campaign_id: '2' }], [{ clicks: '8' }]);
});

const post = async (path: string, json: unknown, options: object = { token: world.tokens.editor }) => {
  const response = await world.request(path, { ...options, json });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const actions = ['accept', 'keep', 'run-again'] as const;
const undecided = async () =>
  ((await (await world.request('/v1/held-runs?decided=false')).json()) as HeldRunList).heldRuns.map((run) => run.runId);

describe('Deciding about a held run', () => {
  it.each(actions)('a viewer reads and may not %s', async (action) => {
    for (const path of ['', '/rows?kind=changed']) expect((await world.request(`/v1/held-runs/${runId}${path}`)).status).toBe(200);
    const identity = await world.grafana.sign({ role: 'Viewer' });
    for (const options of [{}, { identity }]) {
      const { status, body } = await post(`/v1/held-runs/${runId}/${action}`, { reason: 'fine' }, options);
      expect([status, body.code]).toEqual([403, 'forbidden']);
    }
    expect(await undecided()).toContain(runId);
  });

  it('is on record with the person that Grafana vouches for', async () => {
    const identity = await world.grafana.sign({ role: 'Editor', username: 'ada' });
    const { status, body } = await post(`/v1/held-runs/${runId}/accept`, { reason: '  late sales ' }, { identity });
    expect([status, body.decision]).toEqual([202, expect.objectContaining({ decision: 'accepted', by: 'ada', reason: 'late sales' })]);
    const { rows } = await world.store.pool.query("SELECT person, subject FROM audit_log WHERE action = 'heldRun.accept'");
    expect(rows).toEqual([{ person: 'ada', subject: `run ${runId}` }]);
    await world.store.pool.query("UPDATE week_runs SET state = 'skipped' WHERE id = $1", [runId]);
  });

  it.each(actions)('%s needs a reason and takes nothing that it does not know', async (action) => {
    const path = `/v1/held-runs/${runId}/${action}`;
    const bodies = [
      {},
      { reason: '' },
      { reason: '   ' },
      { reason: 'x'.repeat(1001) },
      { reason: 'a\0b' },
      { reason: 7 },
      { reason: 'ok', force: true },
      [],
      'ok',
      null,
    ];
    for (const body of bodies) expect(await post(path, body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
    expect(await undecided()).toContain(runId);
  });

  it.each([
    { servedVersion: -1 },
    { servedVersion: 1.5 },
    { servedVersion: '1' },
    { remember: {} },
    { remember: { maxMove: 0 } },
    { remember: { maxMove: 1.01 } },
    { remember: { maxMove: 'NaN' } },
  ])('an acceptance with %j is refused', async (more) => {
    expect((await post(`/v1/held-runs/${runId}/accept`, { reason: 'ok', ...more })).status).toBe(400);
  });

  it('a conflict says what is served by now', async () => {
    const { status, body } = await post(`/v1/held-runs/${runId}/accept`, { reason: 'ok', servedVersion: 99 });
    const { servedVersion } = (await (await world.request(`/v1/held-runs/${runId}`)).json()) as HeldRunDetail;
    expect([status, body.code]).toEqual([409, 'conflict']);
    expect(body.detail).toContain(`servedVersion ${servedVersion}`);
  });
});

it.each([
  '/v1/held-runs?decided=maybe',
  '/v1/held-runs?limit=0',
  '/v1/held-runs?limit=201',
  '/v1/held-runs?cursor=1',
  '/v1/held-runs?cursor=1-2;drop',
  "/v1/held-runs?collection=1'--",
  '/v1/held-runs?collection=99999999999999999999',
  '/v1/held-runs/0x1',
  '/v1/held-runs/99999999999999999999',
  '/v1/held-runs/1/rows',
  '/v1/held-runs/1/rows?kind=all',
  '/v1/held-runs/1/rows?kind=changed&limit=1001',
  '/v1/held-runs/1/rows?kind=changed&cursor=-1',
  '/v1/held-runs/1/rows?kind=changed&cursor=99999999999',
  '/v1/collections/1/revisions?week=2026-02-30',
  '/v1/collections/1/revisions?cursor=99999999999999999999-1',
  '/v1/collections/1/revisions?limit=many',
  '/v1/collections/1/revisions?week=2026-11-02&week=2026-11-09',
])('%s is refused in words', async (path) => {
  const response = await world.request(path);
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, 'invalid_request']);
});

it('the largest ids and cursors that are allowed find nothing and break nothing', async () => {
  const most = '9'.repeat(18);
  expect((await world.request(`/v1/held-runs/${most}`)).status).toBe(404);
  expect((await world.request(`/v1/held-runs?cursor=${'9'.repeat(17)}-${most}&collection=${most}`)).status).toBe(200);
  expect((await world.request(`/v1/collections/${collectionId}/revisions?cursor=0-0`)).status).toBe(200);
  expect((await world.request(`/v1/held-runs/${runId}/rows?kind=changed&cursor=2147483647`)).status).toBe(200);
});
