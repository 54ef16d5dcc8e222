import pg from 'pg';
import { createUpkeepWorld, type UpkeepWorld } from '@amc-reports/test-support/upkeep/world.ts';
import { cleanUp } from '../../product/upkeep/clean-up.ts';
import { rebuild } from '../../product/upkeep/rebuild.ts';
import { shop, shopFile, shopTwo } from '@amc-reports/test-support/upkeep/shop.ts';
import { upgradeDataset } from '../../product/upkeep/upgrade/upgrade.ts';
import { findObstacles } from './citus/obstacles.ts';
import { citusPlan } from './citus/plan.ts';
import { findStatementObstacles } from '@amc-reports/test-support/citus/statement-obstacles.ts';
import { distributedTables } from './citus/tables.ts';
import { campaignFile } from '@amc-reports/test-support/store/merge-fixture.ts';

let world: UpkeepWorld;
let tables: string[];

beforeAll(async () => {
  world = await createUpkeepWorld([shop(), shopTwo()]);
  tables = await distributedTables(world.store.pool);
});
afterAll(() => world.close());

test('the migrated database can be distributed: facts, roll-ups and stored files, every one of them', async () => {
  const named = await world.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND (relname LIKE 'fact\\_%' OR relname LIKE 'rollup\\_%' OR relname = 'result_files')`,
  );
  expect([...tables].sort()).toEqual(named.map(({ name }) => name).sort());
  expect(tables.length).toBeGreaterThan(10);
  expect(await findObstacles(world.store.pool, tables)).toEqual([]);
});

describe('a planted violation is named', () => {
  const good = 'instance_id bigint NOT NULL, week date NOT NULL, n bigint, PRIMARY KEY (instance_id, week)';
  test.each<[string, string[], string]>([
    [
      'a key that another column leads',
      ['CREATE TABLE bad (week date NOT NULL, instance_id bigint NOT NULL, PRIMARY KEY (week, instance_id))'],
      'bad: index bad_pkey is unique and does not begin with instance_id',
    ],
    [
      'a unique index without the column',
      [`CREATE TABLE bad (${good})`, 'CREATE UNIQUE INDEX bad_n ON bad (n)'],
      'bad: index bad_n is unique',
    ],
    ['a unique constraint', [`CREATE TABLE bad (${good}, UNIQUE (n, instance_id))`], 'bad: index bad_n_instance_id_key is unique'],
    ['an exclusion constraint', [`CREATE TABLE bad (${good}, EXCLUDE USING gist (n WITH =))`], 'bad: index bad_n_excl is unique'],
    ['no primary key', ['CREATE TABLE bad (instance_id bigint NOT NULL)'], 'bad has no primary key'],
    ['the column of another type', ['CREATE TABLE bad (instance_id integer PRIMARY KEY)'], 'bad has no instance_id of type bigint'],
    ['the column missing', ['CREATE TABLE bad (n bigint PRIMARY KEY)'], 'bad has no instance_id of type bigint'],
    [
      'a trigger',
      [
        `CREATE TABLE bad (${good})`,
        `CREATE FUNCTION noted() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`,
        'CREATE TRIGGER touched BEFORE UPDATE ON bad FOR EACH ROW EXECUTE FUNCTION noted()',
      ],
      'bad has the trigger touched',
    ],
    ['a rule', [`CREATE TABLE bad (${good})`, 'CREATE RULE nothing AS ON DELETE TO bad DO INSTEAD NOTHING'], 'bad has the rule nothing'],
    [
      'a foreign key to a local table',
      [`CREATE TABLE bad (${good}, FOREIGN KEY (instance_id) REFERENCES instances)`],
      'the foreign key bad_instance_id_fkey of bad leads to instances',
    ],
    [
      'a foreign key from a local table',
      [`CREATE TABLE bad (${good})`, 'CREATE TABLE looking (i bigint, w date, FOREIGN KEY (i, w) REFERENCES bad)'],
      'of looking leads to bad',
    ],
    [
      'an integer identity',
      ['CREATE TABLE bad (instance_id bigint NOT NULL, id integer GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (instance_id, id))'],
      'bad.id is an identity or serial column smaller than bigint',
    ],
    [
      'a serial',
      ['CREATE TABLE bad (instance_id bigint NOT NULL, id serial, PRIMARY KEY (instance_id, id))'],
      'bad.id is an identity or serial column smaller than bigint',
    ],
    [
      'a volatile default',
      [`CREATE TABLE bad (${good}, key uuid DEFAULT gen_random_uuid())`],
      'bad: the value of key calls gen_random_uuid(), which is volatile',
    ],
    [
      'a volatile policy',
      [`CREATE TABLE bad (${good})`, 'CREATE POLICY dice ON bad USING (random() > 0.5)'],
      'bad: policy dice calls random(), which is volatile',
    ],
    ['partitions', [`CREATE TABLE bad (${good}) PARTITION BY RANGE (week)`], 'bad is no plain table'],
    [
      'inheritance',
      [`CREATE TABLE parent (${good})`, `CREATE TABLE bad (PRIMARY KEY (instance_id, week)) INHERITS (parent)`],
      'bad inherits',
    ],
    ['no table at all', [], 'bad does not exist'],
  ])('%s', async (_, statements, says) => {
    const client = await world.store.pool.connect();
    try {
      await client.query('BEGIN');
      for (const statement of statements) await client.query(statement);
      expect(await findObstacles(client, [...tables, 'bad'])).toEqual(expect.arrayContaining([expect.stringContaining(says)]));
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });

  test('but a foreign key between two of them that holds the column is none', async () => {
    const client = await world.store.pool.connect();
    try {
      await client.query(`BEGIN; CREATE TABLE parent (${good});
        CREATE TABLE child (${good}, FOREIGN KEY (instance_id, week) REFERENCES parent)`);
      expect(await findObstacles(client, ['parent', 'child'])).toEqual([]);
      expect(await findObstacles(client, ['child'])).toHaveLength(1);
    } finally {
      await client.query('ROLLBACK');
      client.release();
    }
  });
});

describe('statements', () => {
  test('that merges, restatements, rebuilds, upgrades and clean-ups send to these tables call nothing that Citus refuses', async () => {
    const sent = await statementsOf(async () => {
      const instance = await world.newInstance();
      const rows = ['1', '2', '3', '4'].map((campaign_id) => ({ campaign_id }));
      await instance.load('campaign_performance', campaignFile(rows));
      await instance.load(
        'campaign_performance',
        campaignFile([{ ...rows[0]!, impressions: '7000' }, ...rows.slice(1, 3), { campaign_id: '5' }]),
      );
      await world.query('DELETE FROM fact_campaign_performance_v1 WHERE campaign_id = $1', '2');
      expect((await rebuild(world.context(), { instance: instance.amc, verify: false }))[0]).toMatchObject({ outcome: 'rebuilt' });
      await instance.load('shop', shopFile('2026-01-05', 1, {}), undefined, 1);
      const upgrade = {
        dataset: 'shop',
        to: 2,
        instances: [instance.amc],
        trustFiles: false,
        collectMissing: false,
        dryRun: false,
      };
      expect(await upgradeDataset(world.context(), upgrade)).toMatchObject([{ weeks: [{ outcome: 'filled' }] }]);
      await world.query(`UPDATE report_data_weeks SET week = week - 700 WHERE instance_id = $1`, instance.id);
      const retention = { resultFilesWeeks: 1, heldFilesDays: 30, runsDays: 400, auditDays: undefined };
      const removed = await cleanUp(world.context({ retention }), { dryRun: false });
      expect(removed.find(({ what }) => what === 'old-files')).toMatchObject({ rows: 3 });
    });
    for (const table of ['fact_shop_v2', 'rollup_shop_v2_total_week'])
      expect(sent.some((text) => text.includes(`INSERT INTO ${table}`))).toBe(true);
    for (const table of ['fact_campaign_performance_v1', 'rollup_campaign_performance_v1_total_month', 'result_files'])
      for (const write of ['INSERT INTO', 'DELETE FROM'])
        expect({ table, write, sent: sent.some((text) => new RegExp(`${write} (\\w+\\.)?${table}\\b`).test(text)) }).toEqual({
          table,
          write,
          sent: true,
        });
    expect(await findStatementObstacles(world.store.pool, sent, tables)).toEqual([]);
  });

  test.each([
    ['UPDATE result_files SET packed = $1 WHERE random() > 0.5', 'UpdateStmt on result_files calls random(), which is volatile'],
    [
      'WITH gone AS (DELETE FROM result_files WHERE part = 1 AND clock_timestamp() > $1 RETURNING part) SELECT * FROM gone',
      'calls clock_timestamp()',
    ],
    ['INSERT INTO result_files SELECT 1, 2, 3, 4, uuid_send(gen_random_uuid())', 'InsertStmt on result_files calls gen_random_uuid()'],
    [`UPDATE result_files SET part = 1 WHERE to_char(part, '9') = $1`, 'calls to_char(), which is stable'],
  ])('%s is named', async (statement, says) => {
    expect(await findStatementObstacles(world.store.pool, [statement], tables)).toEqual([expect.stringContaining(says)]);
  });

  test('now() and functions on other tables are none', async () => {
    const fine = ['UPDATE result_files SET part = 1 WHERE now() > $1', 'UPDATE week_runs SET attempt = random()'];
    expect(await findStatementObstacles(world.store.pool, fine, tables)).toEqual([]);
  });
});

test('the plan cuts all tables alike, with the files first, and prints nothing that cannot run in this order', async () => {
  const { sql, obstacles } = await citusPlan(world.store.pool, { coordinator: 'postgres:5432', workers: ['one', 'two:5433'], shards: 64 });
  expect(obstacles).toEqual([]);
  const created = [...sql.matchAll(/create_distributed_table\('(\w+)', 'instance_id', (.+)\);/g)].map(([, table, how]) => [table, how]);
  expect(created).toEqual(tables.map((table, index) => [table, index === 0 ? 'shard_count => 64' : `colocate_with => 'result_files'`]));
  expect(sql).toContain(`citus_add_node('two', 5433)`);
  // The job queue is claimed with row locks and stays where it is.
  expect(await world.query(`SELECT FROM pg_tables WHERE schemaname = 'pgboss'`)).not.toEqual([]);
  expect(sql).not.toContain('pgboss');
  expect(await findStatementObstacles(world.store.pool, [sql], tables)).toEqual([]);
});

/** Every statement that this process sends to its database meanwhile. */
async function statementsOf(work: () => Promise<void>): Promise<string[]> {
  const sent = new Set<string>();
  const original = pg.Client.prototype.query;
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    const [query] = given;
    const text = typeof query === 'string' ? query : (query as { text?: string; cursor?: unknown }).text;
    if (text !== undefined && !/^\s*COPY /i.test(text)) sent.add(text);
    return (original as (...all: unknown[]) => unknown).apply(this, given);
  } as typeof original;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = original;
  }
  return [...sent];
}
