import type { MetricQueryInput } from '../../../contract/query.ts';
import { readScoped } from '../../../data/store/scope.ts';
import { createStory, US, DE } from '@amc-reports/test-support/query/story-fixture.ts';
import { tableRows, valuesOf, type World } from '@amc-reports/test-support/query/query-fixture.ts';

let world: World;
beforeAll(async () => {
  world = await createStory();
});
afterAll(() => world.close());

const clicks: MetricQueryInput = { metrics: ['clicks'], dimensions: ['instance'], format: 'table', grain: 'total' };
const only = (name: string) => ({ workspaceId: world.scope.workspaceId, instances: [world.instance(name)] });

describe('a scope', () => {
  it('adds all of its instances, or those that the request names', async () => {
    expect(tableRows((await world.ask(clicks, '2026-03-02', '2026-03-09'))[0])).toEqual([
      { instance: US, clicks: 137 },
      { instance: DE, clicks: 137 },
    ]);
    expect(tableRows((await world.ask(clicks, '2026-03-02', '2026-03-09', { instances: [DE] }))[0])).toEqual([
      { instance: DE, clicks: 137 },
    ]);
  });

  it('refuses an instance outside it in words that do not tell whether it exists', async () => {
    const ask = (instance: string) =>
      world.askAll([{ ...clicks, dimensions: [] }], '2026-03-02', '2026-03-09', { scope: only(US), instances: [instance] });
    await expect(ask(DE)).rejects.toMatchObject({ code: 'forbidden', status: 403 });
    await expect(ask('amcnowhere')).rejects.toThrow(/You may not see instance 'amcnowhere'/);
  });

  it('filters by instance within itself only', async () => {
    const filters = [{ dimension: 'instance', operator: 'in' as const, values: [DE, 'amcacmede'] }];
    expect(valuesOf(await world.ask({ metrics: ['clicks'], format: 'numeric', filters }, '2026-03-02', '2026-03-09'))[0]?.values).toEqual([
      137,
    ]);
    const nothing = await world.ask({ metrics: ['clicks'], format: 'numeric', filters }, '2026-03-02', '2026-03-09', { scope: only(US) });
    expect(valuesOf(nothing)).toEqual([]);
    expect(nothing[0]?.schema.meta.notices?.[0]?.text).toMatch(/No instance is left/);
  });

  it('sees nothing without instances', async () => {
    const none = { workspaceId: world.scope.workspaceId, instances: [] };
    expect(valuesOf(await world.ask({ metrics: ['clicks'], format: 'numeric' }, '2026-03-02', '2026-03-09', { scope: none }))).toEqual([]);
  });

  it('holds in the database too: the same statements without their instance condition return nothing foreign', async () => {
    const { id } = world.instance(US);
    const foreign = world.instance(DE).id;
    const tables = [
      'fact_campaign_performance_v2',
      'rollup_campaign_performance_v2_total_week',
      'rollup_campaign_performance_v2_campaign_week',
      'report_data_weeks',
      'report_data_collections',
    ];
    for (const table of tables) {
      const all = await world.store.pool.query<{ id: string }>(`SELECT DISTINCT instance_id::text AS id FROM ${table} ORDER BY 1`);
      expect(all.rows.map((row) => row.id)).toEqual([id, foreign]);
      const seen = await readScoped(world.store, [id], (tx) =>
        tx.query<{ id: string }>(`SELECT DISTINCT instance_id::text AS id FROM ${table}`),
      );
      expect(seen.rows.map((row) => row.id)).toEqual([id]);
    }
  });

  it('is what answers really read under: a forged instance in the question yields no row of it', async () => {
    const store = { readers: forgePool(world, world.instance(US).id, world.instance(DE).id) };
    const ask = (deps: object) =>
      world.ask({ metrics: ['purchases'], format: 'numeric' }, '2026-03-02', '2026-03-09', { scope: only(US), deps });
    expect(valuesOf(await ask({ store }))).toEqual([]);
    expect(valuesOf(await ask({}))[0]?.values).toEqual([10]);
  });

  it('is part of what the cache knows an answer by', async () => {
    const ask = async (name: string, workspaceId: string) => {
      const [frame] = await world.ask({ metrics: ['sales'], format: 'table', grain: 'total' }, '2026-02-02', '2026-02-09', {
        scope: { workspaceId, instances: [world.instance(name)] },
      });
      return frame?.schema.meta.custom?.freshness.cached;
    };
    expect(await ask(US, 'w1')).toBe(false);
    expect(await ask(US, 'w1')).toBe(true);
    expect(await ask(US, 'w2')).toBe(false);
    expect(await ask(DE, 'w1')).toBe(false);
  });
});

/** A pool that swaps one instance id for another in every array of values, as a mistake in a WHERE would. */
function forgePool(world: World, own: string, foreign: string): World['store']['readers'] {
  const swap = (value: unknown): unknown => (Array.isArray(value) && value.length === 1 && value[0] === own ? [foreign] : value);
  return new Proxy(world.store.readers, {
    get(pool, name, receiver) {
      if (name !== 'connect') return Reflect.get(pool, name, receiver);
      return async () => {
        const client = await pool.connect();
        const [original, release] = [client.query, client.release];
        const query = original.bind(client) as (...args: unknown[]) => unknown;
        client.release = (error) => {
          client.query = original;
          client.release = release;
          release.call(client, error);
        };
        client.query = ((config: unknown, values?: unknown[]) => {
          const hasValues = typeof config === 'object' && config !== null && 'values' in config;
          return query(hasValues ? { ...config, values: (config.values as unknown[]).map(swap) } : config, values);
        }) as typeof client.query;
        return client;
      };
    },
  });
}
