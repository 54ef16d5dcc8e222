import type pg from 'pg';
import {
  citusAtHand,
  createCitusDatabase,
  createDistributedDatabase,
  distribute,
  run,
  type CitusDatabase,
} from '@amc-reports/test-support/citus/cluster.ts';
import { createWorld } from '@amc-reports/test-support/query/query-fixture.ts';
import { campaignDay } from '@amc-reports/test-support/query/story-fixture.ts';
import { createReviewFixture } from '@amc-reports/test-support/review/held-week.ts';
import { campaignFile, createMergeFixture, type FileRow } from '@amc-reports/test-support/store/merge-fixture.ts';
import { shop, shopFile, shopTwo } from '@amc-reports/test-support/upkeep/shop.ts';
import { createUpkeepWorld } from '@amc-reports/test-support/upkeep/world.ts';
import type { MetricQueryInput } from '../../contract/query.ts';
import { citusWorkers } from '../../entry/http/health/statements.ts';
import { heldRows } from '../../product/review/rows.ts';
import { cleanUp } from '../../product/upkeep/clean-up.ts';
import { rebuild } from '../../product/upkeep/rebuild.ts';
import { upgradeDataset } from '../../product/upkeep/upgrade/upgrade.ts';
import { loadDatasets, SHIPPED_DATASETS } from '../catalogue/load.ts';
import { findObstacles } from './citus/obstacles.ts';
import { distributedAlready, distributedTables } from './citus/tables.ts';
import { migrate } from './migrate.ts';
import { readScoped } from './scope.ts';
import { openStore } from './store.ts';

/** What every path of the store leaves, on one PostgreSQL and on Citus: the same, to the byte. */
const suite = citusAtHand ? describe : describe.skip;
const SHARDS = 8;
const WEEK = '2026-01-05';
const campaigns = (count: number, more: (index: number) => FileRow = () => ({})): FileRow[] =>
  Array.from({ length: count }, (_, index) => ({ campaign_id: String(index), campaign: `Campaign ${index}`, ...more(index) }));

async function dump(pool: pg.Pool): Promise<Record<string, string[]>> {
  const dumped: Record<string, string[]> = {};
  for (const table of await distributedTables(pool)) {
    const { rows } = await pool.query<{ row: object }>(`SELECT to_jsonb(t) AS row FROM ${table} t`);
    dumped[table] = rows.map(({ row }) => JSON.stringify(row)).sort();
  }
  return dumped;
}

/** Weeks that are new, restated, the same and held, of three instances. */
async function mergesAndHolds(database?: CitusDatabase) {
  const fixture = await createReviewFixture(database);
  try {
    for (let instances = 0; instances < 3; instances++) {
      const instance = await fixture.newInstance();
      await instance.merge(WEEK, campaignFile(campaigns(20)));
      await instance.merge('2026-01-12', campaignFile(campaigns(5, () => ({ event_date: '2026-01-13' }))));
      await instance.merge(WEEK, campaignFile(campaigns(18, (index) => (index % 3 === 0 ? { clicks: String(index) } : {}))));
      await instance.merge(WEEK, campaignFile(campaigns(18, (index) => (index % 3 === 0 ? { clicks: String(index) } : {})).reverse()));
    }
    const held = await fixture.heldWeek(campaigns(9), campaigns(12, (index) => (index === 4 ? { clicks: '99' } : {})).slice(2));
    const pages = [];
    for (const kind of ['added', 'changed', 'vanished'] as const)
      pages.push(await heldRows(held.ctx, { runId: held.runId, kind, cursor: 0, limit: 100 }));
    return { pages, tables: await dump(fixture.store.pool) };
  } finally {
    await fixture.close();
  }
}

/** Imports, damage, verification, rebuilding, a new version filled from files, and clean-up. */
async function upkeep(database?: CitusDatabase) {
  const world = await createUpkeepWorld([shop(), shopTwo()], database);
  try {
    const [one, two] = [await world.newInstance(), await world.newInstance()];
    for (const instance of [one, two]) {
      await instance.load('campaign_performance', campaignFile(campaigns(10)));
      await instance.load('campaign_performance', campaignFile(campaigns(8, (index) => ({ impressions: String(500 + index) }))));
      await instance.load('shop', shopFile(WEEK, 1, {}), undefined, 1);
    }
    const merged = await dump(world.store.pool);
    const named = (pattern: RegExp): string => Object.keys(merged).findLast((name) => pattern.test(name))!;
    await world.query(`DELETE FROM ${named(/^fact_campaign_performance/)} WHERE instance_id = $1 AND campaign_id = $2`, one.id, '2');
    await world.query(`UPDATE ${named(/^rollup_campaign_performance.*_month$/)} SET clicks = clicks + 1 WHERE instance_id = $1`, two.id);
    const looked = await rebuild(world.context(), { verify: true });
    const damaged = await dump(world.store.pool);
    const rebuilt = await rebuild(world.context(), { verify: false });
    const repaired = await dump(world.store.pool);
    const upgrade = { dataset: 'shop', to: 2, instances: [one.amc], trustFiles: false, collectMissing: false, dryRun: false };
    const filled = await upgradeDataset(world.context(), upgrade);
    await world.query('UPDATE report_data_weeks SET week = week - 700 WHERE instance_id = $1', two.id);
    const retention = { resultFilesWeeks: 1, heldFilesDays: 30, runsDays: 400, auditDays: undefined };
    const removed = await cleanUp(world.context({ retention }), { dryRun: false });
    return { merged, damaged, repaired, looked, rebuilt, filled, removed, tables: await dump(world.store.pool) };
  } finally {
    await world.close();
  }
}

/** Questions at every grain over two instances. */
async function questions(database?: CitusDatabase) {
  const world = await createWorld({ Acme: 'UTC', Other: 'America/Los_Angeles' }, database);
  try {
    for (const [index, name] of ['Acme', 'Other'].entries()) {
      await world.collect(name, 'campaign_performance', WEEK, '2026-01-12');
      for (const [offset, day] of ['2026-01-06', '2026-01-14'].entries()) {
        const facts = { spend: 10 + index, sales: 20 + offset, impressions: 1_000, clicks: 3, purchases: 1 };
        const week = offset === 0 ? WEEK : '2026-01-12';
        await world.serve(name, 'campaign_performance', week, [
          ...campaignDay(day, 'Spring', 'USD', facts),
          ...campaignDay(day, 'Summer', 'EUR', { ...facts, clicks: 5 + offset }),
        ]);
      }
    }
    const queries = [
      { refId: 'A', metrics: ['spend', 'clicks', 'roas'], format: 'numeric' },
      { refId: 'B', metrics: ['spend'], dimensions: ['campaign', 'instance'], format: 'timeseries', grain: 'day' },
      { refId: 'C', metrics: ['clicks'], dimensions: ['campaign'], format: 'table', limit: 1 },
      { refId: 'D', metrics: ['sales'], format: 'timeseries', grain: 'month' },
    ] satisfies MetricQueryInput[];
    return (await world.askAll(queries, '2026-01-01', '2026-02-01')).results;
  } finally {
    await world.close();
  }
}

suite('on a Citus cluster', () => {
  test('merges, restatements and held differences leave what one PostgreSQL has', async () => {
    const cluster = await createDistributedDatabase(await loadDatasets([SHIPPED_DATASETS]), SHARDS);
    const plain = await mergesAndHolds();
    expect(Object.values(plain.tables).flat().length).toBeGreaterThan(150);
    expect(await mergesAndHolds(cluster)).toEqual(plain);
  });

  test('imports, rebuilds, upgrades and clean-ups do too', async () => {
    const cluster = await createDistributedDatabase([...(await loadDatasets([SHIPPED_DATASETS])), shop(), shopTwo()], SHARDS);
    const plain = await upkeep();
    expect(plain.repaired).toEqual(plain.merged);
    expect(plain.damaged).not.toEqual(plain.merged);
    expect(await upkeep(cluster)).toEqual(plain);
  });

  test('rows that were there before move with their tables, and the next results find them', async () => {
    const cluster = await createCitusDatabase();
    const world = await createUpkeepWorld([], cluster);
    const instances = [await world.newInstance(), await world.newInstance(), await world.newInstance()];
    for (const instance of instances) await instance.load('campaign_performance', campaignFile(campaigns(12)));
    const before = await dump(world.store.pool);
    await distribute(cluster, SHARDS);
    expect(await dump(world.store.pool)).toEqual(before);
    const kept = await Promise.all(
      Object.keys(before).map((table) => world.query<{ bytes: string }>(`SELECT pg_relation_size('${table}')::text AS bytes`)),
    );
    expect(new Set(kept.flat().map(({ bytes }) => bytes))).toEqual(new Set(['0']));
    for (const instance of instances) await instance.load('campaign_performance', campaignFile(campaigns(12)));
    expect((await rebuild(world.context(), { verify: true })).map(({ outcome }) => outcome)).toEqual(instances.map(() => 'same'));
    await world.close();
  });

  test('questions have the same answers', async () => {
    const cluster = await createDistributedDatabase(await loadDatasets([SHIPPED_DATASETS]), SHARDS);
    const plain = await questions();
    for (const result of Object.values(plain)) expect(result.frames?.length).toBeGreaterThan(0);
    const untimed = (results: object) =>
      JSON.parse(JSON.stringify(results, (key, value: unknown) => (key === 'executedQueryString' ? '' : value))) as unknown;
    expect(untimed(await questions(cluster))).toEqual(untimed(plain));
  });

  test('a week with two rows of one key is refused by its name', async () => {
    const cluster = await createDistributedDatabase(await loadDatasets([SHIPPED_DATASETS]), SHARDS);
    const fixture = await createMergeFixture(undefined, cluster);
    const instance = await fixture.newInstance();
    await expect(instance.merge(WEEK, campaignFile([{}, {}]))).rejects.toMatchObject({ code: 'result_duplicate_keys' });
    await instance.merge(WEEK, campaignFile([{}]));
    await fixture.close();
  });

  test('a reader sees its scope and nothing else, without any WHERE, and no table holds its owner back', async () => {
    const cluster = await createDistributedDatabase(await loadDatasets([SHIPPED_DATASETS]), SHARDS);
    const fixture = await createMergeFixture(undefined, cluster);
    const instances = [await fixture.newInstance(), await fixture.newInstance(), await fixture.newInstance()];
    for (const instance of instances) await instance.merge(WEEK, campaignFile(campaigns(3)));
    const { pool } = fixture.store;
    const tables = await distributedAlready(pool);
    expect([...tables].sort()).toEqual((await distributedTables(pool)).sort());
    expect(await findObstacles(pool, tables)).toEqual([]);
    const seen = (scope: string[], table: string) =>
      readScoped(fixture.store, scope, async (tx) =>
        (await tx.query<{ id: string }>(`SELECT DISTINCT instance_id::text AS id FROM ${table}`)).rows.map(({ id }) => id),
      );
    let filled = 0;
    for (const table of tables.filter((name) => name !== 'result_files')) {
      const all = await seen(
        instances.map(({ id }) => id),
        table,
      );
      if (all.length === 0) continue;
      filled++;
      expect({ table, seen: all.sort() }).toEqual({ table, seen: instances.map(({ id }) => id).sort() });
      for (const { id } of instances) expect({ table, seen: await seen([id], table) }).toEqual({ table, seen: [id] });
      expect({ table, seen: await seen([], table) }).toEqual({ table, seen: [] });
    }
    expect(filled).toBeGreaterThan(3);
    await expect(readScoped(fixture.store, [instances[0]!.id], (tx) => tx.query('SELECT FROM result_files'))).rejects.toMatchObject({
      code: '42501',
    });
    await fixture.close();
  });

  test('a dataset that comes later is spread by the plan of that day, and the reader’s role serves a second database', async () => {
    const shipped = await loadDatasets([SHIPPED_DATASETS]);
    const cluster = await createDistributedDatabase(shipped, SHARDS);
    const store = await openStore(cluster.url);
    await migrate(store, { datasets: [...shipped, shop()] });
    expect(await distributedAlready(store.pool)).not.toContain('fact_shop_v1');
    await distribute(cluster, SHARDS);
    expect(await distributedAlready(store.pool)).toContain('fact_shop_v1');
    await store.close();

    const second = await createCitusDatabase({ extension: false });
    const other = await openStore(second.url);
    await migrate(other, { datasets: shipped });
    await other.close();
    await second.drop();
    await cluster.drop();
  });

  test('a worker that is lost is noticed', async () => {
    const cluster = await createDistributedDatabase(await loadDatasets([SHIPPED_DATASETS]), SHARDS);
    const store = await openStore(cluster.url);
    const all = cluster.workers.length;
    expect(await citusWorkers(store.pool)).toEqual({ all, lost: [] });
    const [host] = cluster.workers[0]!.split(':');
    await run(
      cluster.adminUrl,
      `UPDATE pg_dist_node SET nodeport = 1 WHERE groupid = (SELECT min(groupid) FROM pg_dist_node WHERE groupid > 0)`,
    );
    expect(await citusWorkers(store.pool)).toEqual({ all, lost: [`${host}:1`] });
    await store.close();
    await cluster.drop();
  });
});
