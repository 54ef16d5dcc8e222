import { addDays, newestCompleteWeek, oldestCollectableWeek } from '../../../ground/calendar/week.ts';
import { Catalogue } from '../../../data/catalogue/catalogue.ts';
import { migrate } from '../../../data/store/migrate.ts';
import { createCollection } from './create.ts';
import { ensureCollection } from './ensure.ts';
import type { PlanContext } from './plan.ts';
import { testContext } from '@amc-reports/test-support/collect/context.ts';
import { createCollectDatabase, insertInstance, type CollectDatabase } from '@amc-reports/test-support/collect/database.ts';

const now = new Date('2026-03-18T12:00:00Z');
const zone = 'America/Los_Angeles';
let database: CollectDatabase;
let ctx: PlanContext;

beforeAll(async () => {
  database = await createCollectDatabase();
  ctx = testContext(database, { clock: () => now });
});
afterAll(() => database.drop());

let instances = 0;
async function request(overrides: Record<string, unknown> = {}) {
  const amcInstanceId = `amc${++instances}`;
  await insertInstance(database, { amcInstanceId });
  return { instance: amcInstanceId, dataset: 'campaign_performance', ...overrides };
}
const rows = async <T>(sql: string, ...values: unknown[]): Promise<T[]> => (await database.store.pool.query(sql, values)).rows as T[];

describe('createCollection', () => {
  test('plans one run per week, the newest complete week last, with the same SQL for all', async () => {
    const collection = await createCollection(ctx, await request({ weeks: 52 }));
    expect(collection).toMatchObject({
      state: 'running',
      weeksTotal: 52,
      weeks: { planned: 52, done: 0 },
      lastWeek: newestCompleteWeek(now, zone),
      createdBy: 'ada',
    });
    expect(collection.firstWeek).toBe(addDays(collection.lastWeek, -51 * 7));
    const runs = await rows<{ week: string }>(
      'SELECT week::text AS week FROM week_runs WHERE collection_id = $1 ORDER BY id',
      collection.id,
    );
    expect(runs.map((run) => run.week)).toEqual([...runs.map((run) => run.week)].sort());
    const served = await rows(
      'SELECT FROM report_data_weeks w JOIN report_data_collections c USING (instance_id) WHERE c.id = $1',
      collection.id,
    );
    expect(served).toHaveLength(52);
    const [saved] = await rows<{ workflow_id: string; sql_text: string }>(
      'SELECT workflow_id, sql_text FROM report_data_collections WHERE id = $1',
      collection.id,
    );
    expect(saved!.workflow_id).toMatch(/^amcreports_campaign_performance_v2_[0-9a-f]{12}$/);
    expect(saved!.sql_text).not.toContain('\n');
  });

  test('says which weeks Amazon has when others are asked for', async () => {
    const oldest = oldestCollectableWeek(now, zone);
    await expect(createCollection(ctx, await request({ firstWeek: addDays(oldest, -7), lastWeek: oldest }))).rejects.toMatchObject({
      code: 'week_out_of_range',
      status: 400,
      message: expect.stringContaining(oldest),
    });
    const incomplete = addDays(newestCompleteWeek(now, zone), 7);
    await expect(createCollection(ctx, await request({ weeks: 1, lastWeek: incomplete }))).rejects.toMatchObject({
      code: 'week_out_of_range',
    });
    await expect(createCollection(ctx, await request({ weeks: 60 }))).rejects.toMatchObject({ code: 'week_out_of_range' });
    await expect(createCollection(ctx, await request({ firstWeek: oldest, lastWeek: oldest }))).resolves.toMatchObject({ weeksTotal: 1 });
  });

  test.each([
    [{ firstWeek: '2026-02-03' }, 'invalid_request'],
    [{ firstWeek: 'monday' }, 'invalid_request'],
    [{ firstWeek: '2026-02-30' }, 'invalid_request'],
    [{ firstWeek: '2026-02-09', lastWeek: '2026-02-02' }, 'invalid_request'],
    [{ dataset: 'campain_performance' }, 'unknown_dataset'],
    [{ instance: 'elsewhere' }, 'not_found'],
  ])('refuses %j with %s and plans nothing', async (overrides, code) => {
    const input = await request(overrides);
    await expect(createCollection(ctx, input)).rejects.toMatchObject({ code });
    expect(
      await rows(
        'SELECT FROM report_data_collections c JOIN instances i ON i.id = c.instance_id WHERE i.amc_instance_id = $1',
        input.instance,
      ),
    ).toHaveLength(0);
  });

  test('plans nothing for an instance that the caller does not see', async () => {
    const blind = { ...ctx, scope: { ...ctx.scope, instanceIds: [] } };
    await expect(createCollection(blind, await request())).rejects.toMatchObject({ code: 'not_found' });
  });

  test('refuses weeks that a live collection holds, naming it, and allows them after it was cancelled', async () => {
    const input = await request({ firstWeek: '2026-01-05', lastWeek: '2026-02-02', name: 'Winter' });
    const first = await createCollection(ctx, input);
    const overlapping = { ...input, firstWeek: '2026-02-02', lastWeek: '2026-02-09', name: 'More' };
    await expect(createCollection(ctx, overlapping)).rejects.toMatchObject({
      code: 'conflict',
      status: 409,
      message: expect.stringContaining("'Winter'"),
    });
    await expect(createCollection(ctx, { ...overlapping, dataset: 'reach_frequency' })).resolves.toBeDefined();
    await expect(createCollection(ctx, { ...overlapping, firstWeek: '2026-02-09' })).resolves.toBeDefined();
    await database.store.pool.query(`UPDATE report_data_collections SET state = 'cancelled' WHERE id = $1`, [first.id]);
    await expect(createCollection(ctx, { ...overlapping, lastWeek: '2026-02-02', name: 'Again' })).resolves.toBeDefined();
  });

  test('lets one of two equal requests at the same moment win and tells the other which one did', async () => {
    const input = await request({ weeks: 4, name: 'Race' });
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => createCollection(ctx, input)));
    expect(outcomes.filter((each) => each.status === 'fulfilled')).toHaveLength(1);
    for (const each of outcomes)
      if (each.status === 'rejected') expect(each.reason).toMatchObject({ code: 'conflict', message: expect.stringContaining("'Race'") });
  });

  test('records who did it and announces the collection', async () => {
    const collection = await createCollection(ctx, await request({ weeks: 1 }));
    expect(await rows('SELECT person, action FROM audit_log WHERE subject = $1', `collection ${collection.id}`)).toEqual([
      { person: 'ada', action: 'collection.create' },
    ]);
    expect(await rows("SELECT kind FROM outbox WHERE split_part(subject, '/', 1) = $1", collection.id)).toEqual([{ kind: 'collection' }]);
  });
});

describe('ensureCollection', () => {
  test('makes a collection once and leaves it alone ever after, also when the newest week has moved on or a person cancelled it', async () => {
    const input = await request({ weeks: 10, name: 'Provisioned' });
    const first = await ensureCollection(ctx, input);
    expect(first.created).toBe(true);
    const later = { ...ctx, clock: () => new Date(now.getTime() + 14 * 86_400_000) };
    expect(await ensureCollection(later, input)).toMatchObject({
      created: false,
      collection: { id: first.collection.id, lastWeek: first.collection.lastWeek },
    });
    expect(await ensureCollection(later, { ...input, name: 'Renamed' })).toMatchObject({
      created: false,
      collection: { id: first.collection.id },
    });
    await database.store.pool.query(`UPDATE report_data_collections SET state = 'cancelled' WHERE id = $1`, [first.collection.id]);
    expect(await ensureCollection(later, input)).toMatchObject({ created: false, collection: { state: 'cancelled' } });
  });

  test('a start with a newer version of the dataset buys nothing: the collection of the old one is left as it is', async () => {
    const input = await request({ weeks: 10, name: 'Of version 1' });
    const first = await ensureCollection(ctx, input);
    const newer = ctx.catalogue.datasets.map((dataset) => (dataset.dataset === input.dataset ? { ...dataset, version: 2 } : dataset));
    await migrate(database.store, { datasets: newer });
    const later = { ...ctx, catalogue: new Catalogue([...ctx.catalogue.datasets, ...newer]) };
    for (const name of ['Of version 1', 'Renamed'])
      expect(await ensureCollection(later, { ...input, name })).toMatchObject({ created: false, collection: { id: first.collection.id } });
  });
});
