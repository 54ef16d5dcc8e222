import { addDays, mondayOf } from '../src/ground/calendar/week.ts';
import type { Dataset } from '../src/data/catalogue/dataset.ts';
import type { Rollup, RollupGrain } from '../src/data/catalogue/dataset.ts';
import { factTable, rollupTable, storedName } from '../src/data/catalogue/tables.ts';
import type { QueryScope, ScopedInstance } from '../src/engine/query/index.ts';
import type { Store } from '../src/data/store/store.ts';
import { rollupGrains } from '../src/data/store/table-shape.ts';

export const WEEKS = 52;
export const FIRST_WEEK = mondayOf('2025-03-03');
export const END = addDays(FIRST_WEEK, WEEKS * 7);
const SOURCES = 4;

export interface QueryData {
  scope: QueryScope;
  campaigns: number;
}

/**
 * Facts over a year and their roll-ups, made by PostgreSQL itself: four row sources a day for each campaign, shared evenly by some
 * instances. The first instance is generated and rolled up, the others are copies of it, which is what lets ten million rows stand
 * within minutes.
 */
export async function createQueryData(
  store: Store,
  dataset: Dataset,
  size: { rows: number; instances: number },
  progress: (message: string) => void,
): Promise<QueryData> {
  const scope = await insertScope(store, size.instances);
  const campaigns = Math.max(1, Math.round(size.rows / size.instances / (WEEKS * 7 * SOURCES)));
  const tables = tablesOf(dataset);
  const [first, ...others] = scope.instances;
  progress(`query data: instance 1 of ${size.instances}`);
  await generateFacts(store, dataset, first!.id, campaigns);
  for (const { rollup, grain } of rollupGrains(dataset)) await generateRollup(store, dataset, rollup, grain, first!.id);
  for (const [index, { id }] of others.entries()) {
    progress(`query data: instance ${index + 2} of ${size.instances}`);
    for (const table of tables) await copyInstance(store, table, first!.id, id);
  }
  for (const { id } of scope.instances) await serveWeeks(store, dataset, scope.workspaceId, id);
  progress('query data: vacuum');
  for (const table of [...tables, 'report_data_weeks', 'report_data_collections', 'instances'])
    await store.pool.query(`VACUUM ANALYZE ${table}`);
  return { scope, campaigns };
}

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

/**
 * One in fifty campaigns is hidden, as Amazon hides thin ones. An advertiser account has one currency: of five, one has another than the
 * rest.
 */
async function generateFacts(store: Store, dataset: Dataset, instanceId: string, campaigns: number): Promise<void> {
  await store.pool.query(
    `INSERT INTO ${factTable(dataset)} (instance_id, week, row_key, ${dayColumn(dataset)}, source, advertiser, ad_product, campaign_id, campaign, currency, filtered,
       impressions, clicks, sponsored_ads_spend, dsp_cost, purchases, sales, units, ntb_purchases, ntb_sales, detail_page_views, add_to_carts)
     SELECT $1, $2::date + (d / 7) * 7, hashtextextended(d || ' ' || c || ' ' || s, 0), $2::date + d, (ARRAY['sponsored_ads', 'dsp_impressions', 'dsp_clicks', 'conversions'])[s],
       'Advertiser ' || c % 5, (ARRAY['sponsored_products', 'sponsored_brands', 'sponsored_display', 'amazon_dsp'])[1 + c % 4],
       CASE WHEN c % 50 = 49 THEN E'\\x01suppressed' ELSE '10000' || c END, CASE WHEN c % 50 = 49 THEN E'\\x01suppressed' ELSE 'Campaign ' || c END,
       CASE WHEN c % 5 = 0 THEN 'EUR' ELSE 'USD' END, c % 50 = 49,
       CASE WHEN s IN (1, 2) THEN 1000 + c + d END, CASE WHEN s IN (1, 3) THEN 10 + c % 7 END, CASE WHEN s = 1 THEN 5.25 + c % 11 END, CASE WHEN s = 2 THEN 2.5 END,
       CASE WHEN s = 4 THEN 2 END, CASE WHEN s = 4 THEN 40.75 + c % 13 END, CASE WHEN s = 4 THEN 3 END, CASE WHEN s = 4 THEN 1 END, CASE WHEN s = 4 THEN 20 END,
       CASE WHEN s = 4 THEN 30 END, CASE WHEN s = 4 THEN 6 END
     FROM generate_series(0, $3::int - 1) AS d, generate_series(0, $4::int - 1) AS c, generate_series(1, ${SOURCES}) AS s`,
    [instanceId, FIRST_WEEK, WEEKS * 7, campaigns],
  );
}

/** In the order in which merges leave them: week by week, each by its key. */
async function generateRollup(store: Store, dataset: Dataset, rollup: Rollup, grain: RollupGrain, instanceId: string): Promise<void> {
  const day = dayColumn(dataset);
  const bucket = { day, week: 'week', month: `date_trunc('month', ${day}::timestamp)::date` }[grain];
  const keys = [...rollup.dimensions, 'currency', 'filtered'];
  const sums = dataset.columns.filter(({ role }) => role === 'measure').map(storedName);
  await store.pool.query(
    `INSERT INTO ${rollupTable(dataset, rollup, grain)} (instance_id, week, bucket, group_key, ${[...keys, ...sums].join(', ')})
     SELECT instance_id, week, ${bucket} AS bucket, hashtextextended(row(${keys.join(', ')})::text, 0) AS group_key, ${[...keys, ...sums.map((name) => `coalesce(sum(${name}), 0)`)].join(', ')}
     FROM ${factTable(dataset)} WHERE instance_id = $1 GROUP BY instance_id, week, ${[bucket, ...keys].join(', ')} ORDER BY week, bucket, group_key`,
    [instanceId],
  );
}

/** In the order of the table: one week after the other. */
async function copyInstance(store: Store, table: string, from: string, to: string): Promise<void> {
  const { rows } = await store.pool.query<{ name: string }>(
    `SELECT quote_ident(attname) AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' AND attname <> 'instance_id'`,
    [table],
  );
  const columns = rows.map(({ name }) => name).join(', ');
  await store.pool.query(`INSERT INTO ${table} (instance_id, ${columns}) SELECT $2, ${columns} FROM ${table} WHERE instance_id = $1`, [
    from,
    to,
  ]);
}

async function serveWeeks(store: Store, { dataset, version }: Dataset, workspaceId: string, instanceId: string): Promise<void> {
  await store.pool.query(
    `INSERT INTO report_data_weeks (instance_id, dataset, dataset_version, week, data_version, collected_at)
     SELECT $1, $2, $3, $4::date + w * 7, 1, now() FROM generate_series(0, ${WEEKS - 1}) AS w`,
    [instanceId, dataset, version, FIRST_WEEK],
  );
  await store.pool.query(
    `INSERT INTO report_data_collections (workspace_id, instance_id, dataset, dataset_version, name, first_week, last_week, workflow_id, sql_text, created_by)
     VALUES ($1, $2, $3, $4, 'bench', $5, $6, 'workflow', 'SELECT 1', 'bench')`,
    [workspaceId, instanceId, dataset, version, FIRST_WEEK, addDays(END, -7)],
  );
}

const dayColumn = (dataset: Dataset): string => storedName(dataset.columns.find(({ role }) => role === 'day')!);

const tablesOf = (dataset: Dataset): string[] => [
  factTable(dataset),
  ...rollupGrains(dataset).map(({ rollup, grain }) => rollupTable(dataset, rollup, grain)),
];
