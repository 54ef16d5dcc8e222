import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { loadDatasets, loadRetired, SHIPPED_DATASETS } from '../catalogue/load.ts';
import type { Dataset } from '../catalogue/dataset.ts';
import { createTestDatabase, type TestDatabase } from '@amc-reports/test-support/database.ts';
import { datasetsHeld } from './dataset-tables.ts';
import { migrate } from './migrate.ts';
import { ensureReaderRole } from './reader-role.ts';
import { openStore, type Store } from './store.ts';

const OWN_MIGRATIONS = join(import.meta.dirname, 'migrations');
let database: TestDatabase;
let store: Store;
let datasets: Dataset[];
let directory: string;

beforeEach(async () => {
  database = await createTestDatabase();
  store = await openStore(database.url);
  // What databases held when the migrations below were new.
  datasets = [
    ...(await loadRetired()),
    ...(await loadDatasets([SHIPPED_DATASETS])).filter((each) => (each.window_of ?? each.dataset) === 'reach_frequency'),
  ];
  directory = await mkdtemp(join(tmpdir(), 'amc-reports-migrations-'));
  await cp(OWN_MIGRATIONS, directory, { recursive: true });
});
afterEach(async () => {
  await store.close();
  await database.drop();
  await rm(directory, { recursive: true, force: true });
});

const tables = async (): Promise<string[]> =>
  (await store.pool.query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`)).rows.map(
    (row) => row.name,
  );
const changed = (change: (dataset: Dataset) => void): Dataset[] => {
  const copies = structuredClone(datasets);
  change(copies.find((dataset) => dataset.dataset === 'campaign_performance')!);
  return copies;
};

test('an empty database gets every table, and a second run changes nothing', async () => {
  await migrate(store, { datasets });
  const first = await tables();
  expect(first).toEqual(
    expect.arrayContaining([
      'week_runs',
      'fact_campaign_performance_v1',
      'rollup_campaign_performance_v1_campaign_month',
      'fact_reach_frequency_v1',
    ]),
  );
  await migrate(store, { datasets });
  expect(await tables()).toEqual(first);
  const { rows } = await store.pool.query<{ table_name: string }>('SELECT table_name FROM report_data_aggregates ORDER BY 1');
  expect(rows.map((row) => row.table_name)).toEqual(first.filter((name) => name.startsWith('rollup_')));
});

test('a version that came before is loaded where the database holds it, and makes no tables elsewhere', async () => {
  const shipped = await loadDatasets([SHIPPED_DATASETS]);
  expect(await datasetsHeld(store.pool)).toEqual([]);
  await migrate(store, { datasets: shipped });
  expect(await loadRetired(await datasetsHeld(store.pool))).toEqual([]);
  expect(await tables()).not.toContain('fact_campaign_performance_v1');
  await migrate(store, { datasets });
  expect((await loadRetired(await datasetsHeld(store.pool))).map(({ dataset, version }) => [dataset, version])).toEqual([
    ['campaign_performance', 1],
  ]);
});

test('collectors that start together migrate once', async () => {
  await Promise.all([migrate(store, { datasets }), migrate(store, { datasets }), migrate(store, { datasets })]);
  const files = (await readdir(OWN_MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort();
  const { rows } = await store.pool.query<{ name: string }>('SELECT name FROM schema_migrations ORDER BY number');
  expect(rows.map((row) => row.name)).toEqual(files);
});

test('a migration that fails leaves the database as it was before it, and can be corrected', async () => {
  await writeFile(join(directory, '9001_broken.sql'), 'CREATE TABLE half_done (a int); SELECT no_such_thing();');
  await expect(migrate(store, { datasets, directory })).rejects.toThrow('no_such_thing');
  expect(await tables()).not.toContain('half_done');
  await writeFile(join(directory, '9001_broken.sql'), 'CREATE TABLE half_done (a int);');
  await migrate(store, { datasets, directory });
  expect(await tables()).toEqual(expect.arrayContaining(['half_done', 'fact_campaign_performance_v1']));
});

test('a file changed after it was applied is refused by name', async () => {
  await migrate(store, { datasets });
  await writeFile(join(directory, '0001_collector.sql'), 'SELECT 1;');
  await expect(migrate(store, { datasets, directory })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('0001_collector.sql'),
  });
});

test('a database of a newer version is refused', async () => {
  await writeFile(join(directory, '9002_future.sql'), 'SELECT 1;');
  await migrate(store, { datasets, directory });
  await expect(migrate(store, { datasets })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('newer version (9002_future.sql)'),
  });
});

test.each<[string, (dataset: Dataset) => void]>([
  ['another query', (dataset) => (dataset.sql!.template += ' ')],
  ['another unit', (dataset) => (dataset.columns.find((column) => column.name === 'sales')!.unit = 'microcents')],
  ['another roll-up', (dataset) => dataset.rollups.pop()],
])('a dataset with %s but the same version is refused, and a new version gets tables of its own', async (_name, change) => {
  await migrate(store, { datasets });
  const edited = changed(change);
  await expect(migrate(store, { datasets: edited })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('version: 2'),
  });
  for (const dataset of edited) dataset.version = 2;
  await migrate(store, { datasets: [...datasets, ...edited] });
  expect(await tables()).toEqual(expect.arrayContaining(['fact_campaign_performance_v1', 'fact_campaign_performance_v2']));
});

test('titles, descriptions, metrics, lookups and headers may change within a version', async () => {
  await migrate(store, { datasets });
  await migrate(store, { datasets: changed((dataset) => (dataset.title = 'Another title')) });
  const { rows } = await store.pool.query(`SELECT definition->>'title' AS title FROM datasets WHERE name = 'campaign_performance'`);
  expect(rows).toEqual([{ title: 'Another title' }]);
  const lookups = async (): Promise<number> =>
    (await store.pool.query(`SELECT FROM pg_indexes WHERE indexdef LIKE '%(instance_id, advertiser, bucket)'`)).rowCount ?? 0;
  expect(await lookups()).toBe(0);
  await migrate(store, { datasets: changed((dataset) => (dataset.rollups.at(-1)!.lookups = ['campaign_id', 'campaign', 'advertiser'])) });
  expect(await lookups()).toBe(1);
  await migrate(store, { datasets: changed((dataset) => (dataset.columns[0]!.header = ['Source', 'Quelle'])) });
});

test('of roll-ups from before months answered weeks, those by week go, and the others leave room from then on', async () => {
  await rm(join(directory, '0008_rollups.sql'));
  await migrate(store, { datasets, directory });
  await store.pool.query(
    `CREATE TABLE rollup_campaign_performance_v1_total_week (LIKE rollup_campaign_performance_v1_total_month INCLUDING ALL);
     ALTER TABLE rollup_campaign_performance_v1_total_month RESET (fillfactor);
     CREATE TABLE rollup_shop_v1_total_week (instance_id bigint, week date);
     INSERT INTO datasets (name, version, definition, definition_sha256) VALUES ('shop', 1, '{}', '');
     INSERT INTO report_data_aggregates (table_name, dataset, dataset_version, rollup, grain)
     VALUES ('rollup_campaign_performance_v1_total_week', 'campaign_performance', 1, 'total', 'week'),
            ('rollup_shop_v1_total_week', 'shop', 1, 'total', 'week')`,
  );
  await migrate(store, { datasets });
  const { rows } = await store.pool.query<{ name: string; room: boolean }>(
    `SELECT table_name AS name, coalesce('fillfactor=50' = ANY (reloptions), false) AS room
       FROM report_data_aggregates JOIN pg_class ON relname = table_name ORDER BY 1`,
  );
  expect(rows).toEqual((await tables()).filter((name) => name.startsWith('rollup_')).map((name) => ({ name, room: true })));
  expect(rows.map(({ name }) => name).filter((name) => name.endsWith('_week'))).toEqual(['rollup_shop_v1_total_week']);
});

test('definitions that name a lens are lifted to attribution, and count as unchanged', async () => {
  await rm(join(directory, '0010_attribution.sql'));
  await migrate(store, { datasets, directory });
  await store.pool.query(
    `UPDATE datasets SET definition = (definition - 'attribution') || CASE name WHEN 'campaign_performance' THEN '{"lens": "traffic_time"}'::jsonb ELSE '{"lens": "traffic"}' END;
     INSERT INTO datasets (name, version, definition, definition_sha256) VALUES ('gone', 1, '{"lens": "conversion_time", "title": "Of a file that is gone"}', '')`,
  );
  await migrate(store, { datasets: [] });
  const { rows } = await store.pool.query<{ name: string; definition: Dataset }>('SELECT name, definition FROM datasets ORDER BY name');
  expect(rows.find(({ name }) => name === 'gone')!.definition).toEqual({ attribution: 'conversion_time', title: 'Of a file that is gone' });
  for (const dataset of datasets)
    expect(rows.find(({ name }) => name === dataset.dataset)!.definition).toEqual(JSON.parse(JSON.stringify(dataset)));
  await migrate(store, { datasets });
});

test('a name that PostgreSQL would cut short is refused before anything is made', async () => {
  const long = changed((dataset) => (dataset.rollups[0]!.name = 'a'.repeat(41)));
  await expect(migrate(store, { datasets: long })).rejects.toMatchObject({
    code: 'config_invalid',
    message: expect.stringContaining('63 characters'),
  });
  expect(await tables()).not.toContain('fact_campaign_performance_v1');
});

test('an ordinary owner of its database can migrate; row-level security holds for it too', async () => {
  const login = `owner_${Math.random().toString(36).slice(2)}`;
  await store.transaction(ensureReaderRole);
  await store.pool.query(
    `CREATE ROLE ${login} LOGIN PASSWORD 'x'; GRANT amc_reports_reader TO ${login}; ALTER DATABASE ${new URL(database.url).pathname.slice(1)} OWNER TO ${login}`,
  );
  const own = await openStore(withLogin(login));
  try {
    await migrate(own, { datasets });
    const { rows } = await own.pool.query(
      `SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '^(fact|rollup)_' AND NOT (relrowsecurity AND relforcerowsecurity)`,
    );
    expect(rows).toEqual([]);
    await own.pool.query('SET ROLE amc_reports_reader; RESET ROLE');
  } finally {
    await own.close();
    await store.pool.query(`REASSIGN OWNED BY ${login} TO CURRENT_USER; DROP OWNED BY ${login}; DROP ROLE ${login}`);
  }
});

test('a login that may not create roles is told what an administrator has to run', async () => {
  // The role itself is there, made by other tests on this server; what this login lacks is the right to put it on.
  await migrate(store, { datasets });
  const login = `plain_${Math.random().toString(36).slice(2)}`;
  await store.pool.query(`CREATE ROLE ${login} LOGIN PASSWORD 'x'`);
  const plain = await openStore(withLogin(login));
  try {
    await expect(migrate(plain, { datasets })).rejects.toMatchObject({
      code: 'config_invalid',
      details: { commands: `GRANT amc_reports_reader TO "${login}";` },
    });
    await store.pool.query(`GRANT amc_reports_reader TO ${login}`);
    await expect(migrate(plain, { datasets })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('lacks a right'),
    });
  } finally {
    await plain.close();
    await store.pool.query(`DROP ROLE ${login}`);
  }
});

test('facts, roll-ups and result files can be distributed by instance: it is in every key, and they have no triggers', async () => {
  await migrate(store, { datasets });
  const client = new pg.Client(database.url);
  await client.connect();
  const distributed = `c.relkind = 'r' AND (c.relname ~ '^(fact|rollup)_' OR c.relname = 'result_files')`;
  const keys = await client.query(
    `SELECT c.relname, (SELECT attname FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = i.indkey[0]) AS first
       FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid WHERE ${distributed} AND (i.indisunique OR i.indisexclusion)`,
  );
  expect(keys.rows.length).toBeGreaterThan(10);
  expect(keys.rows.filter((row) => row.first !== 'instance_id')).toEqual([]);
  const withoutKey = await client.query(
    `SELECT c.relname FROM pg_class c WHERE ${distributed} AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)`,
  );
  expect(withoutKey.rows).toEqual([]);
  const triggers = await client.query(`SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE ${distributed}`);
  expect(triggers.rows).toEqual([]);
  const defaults = await client.query(`SELECT c.relname FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid WHERE ${distributed}`);
  expect(defaults.rows).toEqual([]);
  await client.end();
});

function withLogin(login: string): string {
  const url = new URL(database.url);
  url.username = login;
  url.password = 'x';
  return url.href;
}
