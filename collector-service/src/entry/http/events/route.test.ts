import { revokeToken, createToken } from '../../../engine/access/tokens.ts';
import { eventSchema } from '../../../contract/index.ts';
import { eventually } from '@amc-reports/test-support/http/eventually.ts';
import { readEvents, type Block } from '@amc-reports/test-support/http/event-stream.ts';
import { createWorld, type World } from '@amc-reports/test-support/http/world.ts';
import { announce, type Change } from '../../../ground/outbox/announce.ts';

let world: World;
const collections: Record<string, string> = {};
const open: { cancel(): Promise<void> }[] = [];

beforeAll(async () => {
  world = await createWorld({ eventTiming: { pingMs: 200, pollMs: 300 } });
  for (const [instance, token] of [
    ['n1', world.tokens.editor],
    ['n2', world.tokens.editor],
    ['s1', world.tokens.south],
  ] as const) {
    const response = await world.request('/v1/collections', { token, json: { instance, dataset: 'campaign_performance', weeks: 2 } });
    collections[instance] = ((await response.json()) as { id: string }).id;
  }
});
afterEach(async () => {
  for (const stream of open.splice(0)) await stream.cancel().catch(() => undefined);
});
afterAll(() => world.close());

async function follow(options: { token?: string; lastEventId?: string; kinds?: string } = {}) {
  const response = await world.request(`/v1/events${options.kinds === undefined ? '' : `?kinds=${options.kinds}`}`, {
    ...(options.token !== undefined && { token: options.token }),
    headers: options.lastEventId === undefined ? {} : { 'last-event-id': options.lastEventId },
  });
  expect(response.status).toBe(200);
  const stream = Object.assign(readEvents(response), { response });
  open.push(stream);
  return stream;
}

type Name = 'n1' | 'n2' | 's1';
const weekOf = (instance: Name, week: string): Change => ({
  workspaceId: instance === 's1' ? world.ids.south : world.ids.north,
  instanceIds: [world.ids[instance]],
  kind: 'week',
  subject: `${collections[instance]}/${week}`,
});
const change = (instance: Name, week = '2026-11-02') => world.store.transaction((tx) => announce(tx, [weekOf(instance, week)]));
const schedule = (id: string, ...instances: Name[]) =>
  world.store.transaction((tx) =>
    announce(tx, [{ workspaceId: world.ids.north, instanceIds: instances.map((name) => world.ids[name]), kind: 'schedule', subject: id }]),
  );
const isWeekOf = (instance: string) => (block: Block) => block.data?.type === 'week' && block.data.collectionId === collections[instance];
const isSchedule = (id: string) => (block: Block) => block.data?.type === 'schedule' && block.data.id === id;
const isCollection = (block: Block) => block.data?.type === 'collection';
/** A stream says hello before its LISTEN has run, and a former one's connection takes a moment to close. */
const LISTENING = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'";
const listening = async () => (await world.store.pool.query(`SELECT ${LISTENING}`)).rowCount!;

describe('The event stream', () => {
  it('may pass proxies unbuffered and uncompressed', async () => {
    const { response } = await follow();
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toContain('no-transform');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
  });

  it('first tells how to come back, then what happens: the week and the collection whose counts it moved', async () => {
    const stream = await follow();
    const hello = await stream.next();
    expect(hello).toEqual({ retry: '3000', id: expect.stringMatching(/^\d+$/) });
    await change('n1');
    const week = await stream.until(isWeekOf('n1'));
    expect(week).toMatchObject({ event: 'week', data: { week: { week: '2026-11-02', state: 'planned' } } });
    const collection = await stream.until(isCollection);
    expect(collection).toMatchObject({ event: 'collection', data: { collection: { id: collections.n1, weeksTotal: 2 } } });
    expect(Number(collection.id)).toBeGreaterThan(Number(hello.id));
    for (const block of [week, collection]) eventSchema.parse(block.data);
  });

  it('gives ids that rise', async () => {
    const stream = await follow();
    const ids: number[] = [Number((await stream.next()).id)];
    for (let i = 0; i < 4; i++) {
      await change(i % 2 ? 'n1' : 'n2');
      ids.push(Number((await stream.until((block) => block.id !== undefined)).id));
    }
    expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
  });

  it('shows a caller its own instances and nothing of others', async () => {
    const narrow = await follow({ token: world.tokens.n1 });
    const south = await follow({ token: world.tokens.south });
    await change('n2');
    await change('s1');
    await change('n1');
    await narrow.until(isCollection);
    await south.until(isCollection);
    await Promise.all([narrow, south].map((stream) => stream.until((block) => block.comment === 'ping')));
    const seen = (stream: typeof narrow) =>
      new Set(
        stream.blocks.flatMap(({ data }) =>
          data?.type === 'week' ? data.collectionId : data?.type === 'collection' ? data.collection.id : [],
        ),
      );
    expect(seen(narrow)).toEqual(new Set([collections.n1]));
    expect(seen(south)).toEqual(new Set([collections.s1]));
  });

  it('tells other things by their id, to those who see all that they are about, live and replayed', async () => {
    const [wide, narrow] = [await follow(), await follow({ token: world.tokens.n1 })];
    const { id } = await narrow.next();
    await schedule('7', 'n1', 'n2');
    await schedule('8', 'n1');
    await wide.until(isSchedule('7'));
    eventSchema.parse((await wide.until(isSchedule('8'))).data);
    await narrow.until(isSchedule('8'));
    expect(narrow.blocks.filter(isSchedule('7'))).toEqual([]);
    const again = await follow({ token: world.tokens.n1, lastEventId: id! });
    await again.until((block) => block.comment === 'ping');
    expect(again.blocks.flatMap(({ data }) => data ?? [])).toEqual([{ type: 'schedule', id: '8' }]);
  });

  it('tells only of the kinds that were asked for', async () => {
    const stream = await follow({ kinds: 'schedule,held_run' });
    await stream.next();
    await change('n1');
    await schedule('9', 'n1');
    await stream.until(isSchedule('9'));
    const after = await follow({ kinds: 'collection', lastEventId: '999999999' });
    await after.until((block) => block.comment === 'ping');
    expect(stream.blocks.flatMap(({ event }) => event ?? [])).toEqual(['schedule']);
    expect(new Set(after.blocks.flatMap(({ event }) => event ?? []))).toEqual(new Set(['collection']));
  });

  it('refuses kinds that there are not, with those that there are', async () => {
    const response = await world.request('/v1/events?kinds=collection,weeks');
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ errors: [{ message: expect.stringContaining('held_run') }] });
  });

  it('replays what was missed, each week once, within the scope', async () => {
    const first = await follow();
    const { id } = await first.next();
    await first.cancel();
    await change('n1', '2026-11-02');
    await change('n1', '2026-11-02');
    await change('n1', '2026-11-09');
    await change('n2', '2026-11-02');
    const again = await follow({ token: world.tokens.n1, lastEventId: id! });
    await again.until((block) => block.comment === 'ping');
    const told = again.blocks.flatMap(({ data }) =>
      data?.type === 'week' ? `week ${data.week.week}` : data?.type === 'collection' ? `collection ${data.collection.id}` : [],
    );
    expect(told).toEqual(['week 2026-11-02', 'week 2026-11-09', `collection ${collections.n1}`]);
  });

  it('replays nothing when nothing was missed', async () => {
    const first = await follow();
    await change('n1');
    const { id } = await first.until((block) => isCollection(block));
    const again = await follow({ lastEventId: id! });
    await again.until((block) => block.comment === 'ping');
    expect(again.blocks.filter((block) => block.data)).toEqual([]);
  });

  it.each(['999999999', '0'])('tells everything when the id %s does not fit what is on record', async (lastEventId) => {
    if (lastEventId === '0') await world.store.pool.query('DELETE FROM outbox WHERE id < (SELECT max(id) FROM outbox)');
    const stream = await follow({ token: world.tokens.n1, lastEventId });
    await stream.until((block) => block.comment === 'ping');
    expect(stream.blocks.filter((block) => block.data).map((block) => block.event)).toEqual(['week', 'week', 'collection', 'missed']);
  });

  it('tells an event whose transaction ended after that of a later one', async () => {
    const stream = await follow();
    await stream.next();
    const slow = await world.store.pool.connect();
    await slow.query('BEGIN');
    await announce(slow, [weekOf('n1', '2026-11-02')]);
    await change('n2');
    await stream.until(isWeekOf('n2'));
    for (let pings = 0; pings < 3; pings++) await stream.until((block) => block.comment === 'ping');
    await slow.query('COMMIT');
    slow.release();
    await stream.until(isWeekOf('n1'));
    expect(stream.blocks.filter(isWeekOf('n2'))).toHaveLength(1);
  });

  it('hears changes by polling when no notification comes', async () => {
    const stream = await follow();
    await stream.next();
    await world.store.pool.query(`INSERT INTO outbox (workspace_id, instance_ids, kind, subject) VALUES ($1, $2, 'week', $3)`, [
      world.ids.north,
      [world.ids.n1],
      `${collections.n1}/2026-11-02`,
    ]);
    await stream.until(isWeekOf('n1'));
  });

  it('goes on after its notification connection was cut', async () => {
    await eventually(async () => (await listening()) === 0);
    const stream = await follow();
    await stream.next();
    await eventually(async () => (await listening()) === 1);
    const { rows } = await world.store.pool.query(`SELECT pg_terminate_backend(pid) ${LISTENING}`);
    expect(rows).toHaveLength(1);
    await change('n1');
    await stream.until(isWeekOf('n1'));
  });

  it('uses one LISTEN connection whatever the number of listeners', async () => {
    await eventually(async () => (await listening()) === 0);
    for (let i = 0; i < 5; i++) await (await follow()).next();
    await eventually(async () => (await listening()) > 0);
    await change('n1');
    await Promise.all(open.map((stream) => (stream as Awaited<ReturnType<typeof follow>>).until(isWeekOf('n1'))));
    expect(await listening()).toBe(1);
  });

  it('ends when its token is revoked', async () => {
    const token = await createToken(world.store.pool, world.ids.north, { name: 'brief' });
    const stream = await follow({ token });
    await stream.next();
    await revokeToken(world.store.pool, world.ids.north, 'brief');
    await expect(stream.until(() => false)).rejects.toThrow('The stream ended');
  });

  it.each(['-1', 'abc', '1.5', '99999999999999999999'])('refuses Last-Event-ID %s', async (lastEventId) => {
    const response = await world.request('/v1/events', { headers: { 'last-event-id': lastEventId } });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: 'invalid_request', detail: expect.stringContaining('Last-Event-ID') });
  });

  it('answers with a problem when what was missed cannot be read', async () => {
    await (await follow()).next();
    const { pool } = world.store;
    await pool.query('ALTER TABLE datasets RENAME TO elsewhere');
    try {
      const response = await world.request('/v1/events', { headers: { 'last-event-id': '999999999' } });
      expect(response.status).toBe(500);
      expect(await response.json()).toMatchObject({ code: 'internal' });
    } finally {
      await pool.query('ALTER TABLE elsewhere RENAME TO datasets');
    }
  });

  it('does not keep a HEAD request waiting', async () => {
    const response = await world.request('/v1/events', { method: 'HEAD' });
    expect([response.status, await response.text()]).toEqual([200, '']);
  });

  it('refuses the hundred and first stream of one caller, and no other caller', async () => {
    // One after the other: each begins with a look-up that the database answers in time, however busy the machine.
    for (let i = 0; i < 100; i++) await follow();
    const response = await world.request('/v1/events');
    expect(response.status).toBe(429);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    await follow({ token: world.tokens.n1 });
  });
});
