import { performance } from 'node:perf_hooks';
import { addDays, mondayOf } from '../src/calendar/week.ts';
import { Catalogue } from '../src/catalogue/catalogue.ts';
import { ROLLUP_GRAINS, type Dataset, type RollupGrain } from '../src/catalogue/dataset.ts';
import { loadDatasets, SHIPPED_DATASETS } from '../src/catalogue/load.ts';
import { factTable, rollupTable, storedName } from '../src/catalogue/tables.ts';
import { metricQuerySchema, type MetricQueryInput } from '../src/contract/query.ts';
import { answer, type QueryDeps } from '../src/query/answer.ts';
import { createQueryCache } from '../src/query/cache.ts';
import type { QueryScope, ScopedInstance } from '../src/query/scope.ts';
import { migrate } from '../src/store/migrate.ts';
import type { Store } from '../src/store/store.ts';

export interface QueryBenchOptions {
  /** Fact rows over all instances; 1,000,000 unless told. */
  rows?: number;
  /** One per 500,000 rows unless told. */
  instances?: number;
  /** Measured runs of each question; 100 unless told. */
  runs?: number;
  /** Hears how far the data are. */
  progress?: (message: string) => void;
}

export interface QueryBenchResult {
  /** For the printed table. */
  rows: { what: string; p50Ms: number; p95Ms: number }[];
  /** `query.<kind>.p50Ms` and `query.<kind>.p95Ms`. */
  json: Record<string, number>;
}

const WEEKS = 52;
const FIRST_WEEK = mondayOf('2025-03-03');
const END = addDays(FIRST_WEEK, WEEKS * 7);
const ROWS_PER_INSTANCE = 500_000;
const SOURCES = 4;

/**
 * Latency of the questions a dashboard asks, over generated facts: four row sources a day for each campaign, 52 weeks,
 * shared by some instances. Through answer() under row-level security, first without the cache, then with it.
 * The data are its own: a workspace of its own in whatever database the store is, once.
 */
export async function benchQueries(store: Store, options: QueryBenchOptions = {}): Promise<QueryBenchResult> {
  const { rows = 1_000_000, runs = 100, progress = () => undefined } = options;
  const instanceCount = options.instances ?? Math.max(1, Math.round(rows / ROWS_PER_INSTANCE));
  const datasets = await loadDatasets([SHIPPED_DATASETS]);
  await migrate(store, { datasets });
  const catalogue = new Catalogue(datasets);
  const dataset = catalogue.findDataset('campaign_performance');
  const scope = await insertScope(store, instanceCount);
  const campaigns = Math.max(1, Math.round(rows / instanceCount / (WEEKS * 7 * SOURCES)));
  for (const [index, instance] of scope.instances.entries()) {
    progress(`query data: instance ${index + 1} of ${instanceCount}`);
    await fillInstance(store, dataset, scope.workspaceId, instance, campaigns);
  }
  progress('query data: vacuum');
  for (const table of tablesOf(dataset)) await store.pool.query(`VACUUM ANALYZE ${table}`);

  const deps: QueryDeps = {
    store,
    catalogue,
    clock: () => new Date(`${addDays(END, 4)}T12:00:00Z`),
    cache: createQueryCache({ maxEntries: 0 }),
  };
  const one: QueryScope = { workspaceId: scope.workspaceId, instances: scope.instances.slice(0, 1) };
  const result: QueryBenchResult = { rows: [], json: {} };
  const record = (kind: string, what: string, times: number[]): void => {
    const [p50Ms, p95Ms] = [percentile(times, 0.5), percentile(times, 0.95)];
    result.rows.push({ what, p50Ms, p95Ms });
    result.json[`query.${kind}.p50Ms`] = p50Ms;
    result.json[`query.${kind}.p95Ms`] = p95Ms;
  };
  for (const question of questions(campaigns)) {
    progress(`query: ${question.what}`);
    record(question.kind, question.what, await measure(deps, question.scoped === 'one' ? one : scope, question, runs));
  }
  const cached = { ...deps, cache: createQueryCache() };
  const [kpi] = questions(campaigns);
  record('cached', 'KPI tile, answered from the cache', await measure(cached, scope, kpi!, runs));
  return result;
}

interface BenchQuestion {
  kind: string;
  what: string;
  scoped: 'one' | 'all';
  weeks: number;
  /** The n-th run may ask something slightly different, as users do. */
  query: (run: number) => MetricQueryInput;
}

const questions = (campaigns: number): BenchQuestion[] => [
  {
    kind: 'kpi',
    what: 'KPI tiles: 6 metrics, 4 weeks against the 4 before, all instances',
    scoped: 'all',
    weeks: 4,
    query: () => ({
      metrics: ['spend', 'sales', 'roas', 'acos', 'ctr', 'ntb_rate'],
      format: 'numeric',
      compare: 'previous_period',
      grain: 'total',
    }),
  },
  {
    kind: 'series',
    what: 'Series: spend and sales by week, 52 weeks, all instances',
    scoped: 'all',
    weeks: 52,
    query: () => ({ metrics: ['spend', 'sales'], grain: 'week' }),
  },
  {
    kind: 'daySeries',
    what: 'Series: spend by day and ad product, 13 weeks, one instance',
    scoped: 'one',
    weeks: 13,
    query: () => ({ metrics: ['spend'], dimensions: ['ad_product'], grain: 'day' }),
  },
  {
    kind: 'topN',
    what: 'Top 20 campaigns by spend with 5 metrics, 52 weeks, one instance',
    scoped: 'one',
    weeks: 52,
    query: () => ({
      metrics: ['spend', 'sales', 'roas', 'clicks', 'ctr'],
      dimensions: ['campaign'],
      format: 'table',
      orderBy: { by: 'spend' },
      limit: 20,
    }),
  },
  {
    kind: 'topNRecent',
    what: 'Top 20 campaigns by spend with 5 metrics, 4 weeks, all instances',
    scoped: 'all',
    weeks: 4,
    query: () => ({
      metrics: ['spend', 'sales', 'roas', 'clicks', 'ctr'],
      dimensions: ['instance', 'campaign'],
      format: 'table',
      orderBy: { by: 'spend' },
      limit: 20,
    }),
  },
  {
    kind: 'campaign',
    what: 'One campaign by week, 52 weeks, one instance',
    scoped: 'one',
    weeks: 52,
    query: (run) => ({
      metrics: ['spend', 'sales', 'roas'],
      grain: 'week',
      filters: [{ dimension: 'campaign', operator: '=', values: [`Campaign ${((run * 7) % campaigns) - (((run * 7) % campaigns) % 50)}`] }],
    }),
  },
];

async function measure(deps: QueryDeps, scope: QueryScope, { query, weeks }: BenchQuestion, runs: number): Promise<number[]> {
  const times: number[] = [];
  const warmUp = 5;
  const from = Date.parse(addDays(END, -7 * weeks));
  for (let run = -warmUp; run < runs; run++) {
    const request = { from, to: Date.parse(END), queries: [metricQuerySchema.parse(query(Math.max(0, run)))] };
    const started = performance.now();
    const { results } = await answer(deps, scope, request, AbortSignal.timeout(120_000));
    const took = performance.now() - started;
    const frames = results.A?.frames ?? [];
    if (!frames.some((frame) => frame.data.values.at(-1)?.some((value) => value !== null)))
      throw new Error(`The benchmark's question has no answer: ${results.A?.error ?? 'no rows'}`);
    if (run >= 0) times.push(took);
  }
  return times;
}

const percentile = (times: number[], share: number): number => {
  const sorted = [...times].sort((a, b) => a - b);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 100) / 100;
};

async function insertScope(store: Store, count: number): Promise<QueryScope> {
  const id = async (text: string, values: unknown[]): Promise<string> => (await store.pool.query<{ id: string }>(text, values)).rows[0]!.id;
  const workspaceId = await id(`INSERT INTO workspaces (name) VALUES ('bench-query') RETURNING id`, []);
  const connectionId = await id(
    `INSERT INTO connections (workspace_id, name, api_url, token_url, client_id, secret_key_id, secret_nonce, secret_ciphertext)
     VALUES ($1, 'bench', 'http://localhost', 'http://localhost', 'client', 'key', '\\x00', '\\x00') RETURNING id`,
    [workspaceId],
  );
  const instances: ScopedInstance[] = [];
  for (let index = 1; index <= count; index++) {
    const instance = { amcInstanceId: `bench${index}`, name: `Bench ${index}`, timeZone: 'America/Los_Angeles' };
    const instanceId = await id(
      `INSERT INTO instances (workspace_id, connection_id, amc_instance_id, name, account_id, marketplace_id, time_zone)
       VALUES ($1, $2, $3, $4, 'ENTITY1', 'ATVPDKIKX0DER', $5) RETURNING id`,
      [workspaceId, connectionId, instance.amcInstanceId, instance.name, instance.timeZone],
    );
    instances.push({ id: instanceId, ...instance });
  }
  return { workspaceId, instances };
}

/** One in fifty campaigns is hidden, as Amazon hides thin ones; a third of the sales carry a second currency. */
async function fillInstance(
  store: Store,
  dataset: Dataset,
  workspaceId: string,
  instance: ScopedInstance,
  campaigns: number,
): Promise<void> {
  const day = dayColumn(dataset);
  const { dataset: name, version } = dataset;
  await store.pool.query(
    `INSERT INTO ${factTable(dataset)} (instance_id, week, row_key, ${day}, source, advertiser, ad_product, campaign_id, campaign, currency, filtered,
       impressions, clicks, sponsored_ads_spend, dsp_cost, purchases, sales, units, ntb_purchases, ntb_sales, detail_page_views, add_to_carts)
     SELECT $1, $2::date + (d / 7) * 7, md5(d || ' ' || c || ' ' || s)::uuid, $2::date + d, (ARRAY['sponsored_ads', 'dsp_impressions', 'dsp_clicks', 'conversions'])[s],
       'Advertiser ' || c % 5, (ARRAY['sponsored_products', 'sponsored_brands', 'sponsored_display', 'amazon_dsp'])[1 + c % 4],
       CASE WHEN c % 50 = 49 THEN E'\\x01suppressed' ELSE '10000' || c END, CASE WHEN c % 50 = 49 THEN E'\\x01suppressed' ELSE 'Campaign ' || c END,
       CASE WHEN c % 3 = 0 THEN 'EUR' ELSE 'USD' END, c % 50 = 49,
       CASE WHEN s IN (1, 2) THEN 1000 + c + d END, CASE WHEN s IN (1, 3) THEN 10 + c % 7 END, CASE WHEN s = 1 THEN 5.25 + c % 11 END, CASE WHEN s = 2 THEN 2.5 END,
       CASE WHEN s = 4 THEN 2 END, CASE WHEN s = 4 THEN 40.75 + c % 13 END, CASE WHEN s = 4 THEN 3 END, CASE WHEN s = 4 THEN 1 END, CASE WHEN s = 4 THEN 20 END,
       CASE WHEN s = 4 THEN 30 END, CASE WHEN s = 4 THEN 6 END
     FROM generate_series(0, $3::int - 1) AS d, generate_series(0, $4::int - 1) AS c, generate_series(1, ${SOURCES}) AS s`,
    [instance.id, FIRST_WEEK, WEEKS * 7, campaigns],
  );
  for (const rollup of dataset.rollups)
    for (const grain of rollup.grains) await fillRollup(store, dataset, rollup, grain, instance.id, day);
  await store.pool.query(
    `INSERT INTO report_data_weeks (instance_id, dataset, dataset_version, week, data_version, collected_at)
     SELECT $1, $2, $3, $4::date + w * 7, 1, now() FROM generate_series(0, ${WEEKS - 1}) AS w`,
    [instance.id, name, version, FIRST_WEEK],
  );
  await store.pool.query(
    `INSERT INTO report_data_collections (workspace_id, instance_id, dataset, dataset_version, name, first_week, last_week, workflow_id, sql_text, created_by)
     VALUES ($1, $2, $3, $4, 'bench', $5, $6, 'workflow', 'SELECT 1', 'bench')`,
    [workspaceId, instance.id, name, version, FIRST_WEEK, addDays(END, -7)],
  );
}

async function fillRollup(
  store: Store,
  dataset: Dataset,
  rollup: Dataset['rollups'][number],
  grain: RollupGrain,
  instanceId: string,
  day: string,
): Promise<void> {
  const bucket = { day, week: 'week', month: `date_trunc('month', ${day}::timestamp)::date` }[grain];
  const keys = [...rollup.dimensions, 'currency', 'filtered'];
  const sums = dataset.columns.filter(({ role }) => role === 'measure').map(storedName);
  await store.pool.query(
    `INSERT INTO ${rollupTable(dataset, rollup, grain)} (instance_id, week, bucket, group_key, ${[...keys, ...sums].join(', ')})
     SELECT instance_id, week, ${bucket}, md5(row(${keys.join(', ')})::text)::uuid, ${[...keys, ...sums.map((name) => `coalesce(sum(${name}), 0)`)].join(', ')}
     FROM ${factTable(dataset)} WHERE instance_id = $1 GROUP BY instance_id, week, ${[bucket, ...keys].join(', ')}`,
    [instanceId],
  );
}

const dayColumn = (dataset: Dataset): string => storedName(dataset.columns.find(({ role }) => role === 'day')!);

const tablesOf = (dataset: Dataset): string[] => [
  factTable(dataset),
  ...dataset.rollups.flatMap((rollup) =>
    ROLLUP_GRAINS.filter((grain) => rollup.grains.includes(grain)).map((grain) => rollupTable(dataset, rollup, grain)),
  ),
];
