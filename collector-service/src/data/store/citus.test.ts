import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createUpkeepWorld, type UpkeepWorld } from '@amc-reports/test-support/upkeep/world.ts';
import { createReviewFixture } from '@amc-reports/test-support/review/held-week.ts';
import { heldRows } from '../../product/review/rows.ts';
import { cleanUp } from '../../product/upkeep/clean-up.ts';
import { rebuild } from '../../product/upkeep/rebuild.ts';
import { shop, shopFile, shopTwo } from '@amc-reports/test-support/upkeep/shop.ts';
import { upgradeDataset } from '../../product/upkeep/upgrade/upgrade.ts';
import { findObstacles } from './citus/obstacles.ts';
import { citusPlan } from './citus/plan.ts';
import { findStatementObstacles } from '@amc-reports/test-support/citus/statement-obstacles.ts';
import { distributedTables } from './citus/tables.ts';
import { readScoped } from './scope.ts';
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
  /** Roles are the whole server's, where other tests are at work too. */
  const OWNER = `owner_${randomBytes(4).toString('hex')}`;
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
    [
      'a policy that asks for something, which Citus refuses',
      [`CREATE TABLE bad (${good})`, 'CREATE POLICY asking ON bad USING (instance_id IN (SELECT id FROM instances))'],
      'bad: policy asking holds a sub-select',
    ],
    [
      'readers without the policy that the plan makes anew',
      [`CREATE TABLE bad (${good})`, 'GRANT SELECT ON bad TO amc_reports_reader'],
      'bad has no policy reader_scope for its readers',
    ],
    [
      'a reader who may become the owner, whom no policy holds back there',
      [
        `CREATE TABLE bad (${good})`,
        `CREATE ROLE ${OWNER}`,
        `ALTER TABLE bad OWNER TO ${OWNER}`,
        `GRANT ${OWNER} TO amc_reports_reader WITH INHERIT FALSE, SET TRUE`,
      ],
      `bad: the role amc_reports_reader may become its owner ${OWNER}, whom no policy holds back`,
    ],
    [
      'an owner whom policies hold back once it is distributed',
      [
        `CREATE TABLE bad (${good})`,
        `CREATE ROLE ${OWNER}`,
        `ALTER TABLE bad OWNER TO ${OWNER}`,
        'ALTER TABLE bad ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY',
        'SET LOCAL allow_system_table_mods = on',
        'CREATE TABLE pg_catalog.pg_dist_partition (logicalrelid regclass, partmethod "char")',
        `INSERT INTO pg_dist_partition VALUES ('bad', 'h')`,
      ],
      `bad is distributed and forces row-level security on its owner ${OWNER}`,
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
      await lookAtHeldRows();
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
    [
      'DELETE FROM result_files f WHERE f.part = $1 AND NOT EXISTS (SELECT FROM staged_file s WHERE s.part = f.part)',
      'DeleteStmt on result_files asks the local staged_file for each row',
    ],
    [
      'INSERT INTO held_rows SELECT * FROM changed_rows c JOIN staged_file s USING (part) LEFT JOIN result_files f USING (part)',
      'result_files is joined with the local changed_rows by an outer join',
    ],
  ])('%s is named', async (statement, says) => {
    expect(await findStatementObstacles(world.store.pool, [statement], tables)).toEqual([expect.stringContaining(says)]);
  });

  test('now(), functions on other tables, and local tables that are asked once are none', async () => {
    const fine = [
      'UPDATE result_files SET part = 1 WHERE now() > $1',
      'UPDATE week_runs SET attempt = random()',
      'DELETE FROM result_files WHERE part IN (SELECT part FROM changed_rows WHERE vanished)',
      'WITH served AS MATERIALIZED (SELECT * FROM result_files) SELECT * FROM changed_rows c LEFT JOIN served f USING (part)',
    ];
    expect(await findStatementObstacles(world.store.pool, fine, tables)).toEqual([]);
  });
});

describe('the plan', () => {
  const nodes = { coordinator: 'postgres:5432', workers: ['one', 'two:5433'], shards: 64 };
  /** What psql sends to the server. */
  const statements = (sql: string): string[] => sql.split('\n').filter((line) => line !== '' && !/^(--|\\)/.test(line));

  test('cuts all tables alike, with the files first, stops at the first error, and prints nothing that cannot run in this order', async () => {
    const { sql, obstacles } = await citusPlan(world.store.pool, nodes);
    expect(obstacles).toEqual([]);
    expect(sql.indexOf('\\set ON_ERROR_STOP on')).toBeLessThan(sql.indexOf(statements(sql)[0]!));
    const created = [...sql.matchAll(/create_distributed_table\('(\w+)', 'instance_id', (.+)\);/g)].map(([, table, how]) => [table, how]);
    expect(created).toEqual(tables.map((table, index) => [table, index === 0 ? 'shard_count => 64' : `colocate_with => 'result_files'`]));
    expect(sql).toContain(`citus_add_node('two', 5433)`);
    // The job queue is claimed with row locks and stays where it is.
    expect(await world.query(`SELECT FROM pg_tables WHERE schemaname = 'pgboss'`)).not.toEqual([]);
    expect(sql).not.toContain('pgboss');
    expect(await findStatementObstacles(world.store.pool, statements(sql), tables)).toEqual([]);
  });

  test('leaves no sub-select in a policy and no owner held back, and readers see their scope as before', async () => {
    const own = await createUpkeepWorld();
    const instances = [await own.newInstance(), await own.newInstance()];
    for (const instance of instances) await instance.load('campaign_performance', campaignFile([{}]));
    const spread = await distributedTables(own.store.pool);
    const seen = async (scope: string[]) => {
      const found: Record<string, string[]> = {};
      for (const table of spread.filter((name) => name !== 'result_files'))
        found[table] = await readScoped(own.store, scope, async (tx) =>
          (await tx.query<{ id: string }>(`SELECT DISTINCT instance_id::text AS id FROM ${table} ORDER BY 1`)).rows.map(({ id }) => id),
        );
      return found;
    };
    const scopes = [instances.map(({ id }) => id), [instances[0]!.id], []];
    const before = await Promise.all(scopes.map(seen));
    expect(new Set(Object.values(before[1]!).flat())).toEqual(new Set([instances[0]!.id]));
    expect(Object.values(before[2]!).flat()).toEqual([]);

    const { sql } = await citusPlan(own.store.pool, nodes);
    const here = statements(sql).filter((text) => /^(ALTER TABLE|DROP POLICY|CREATE POLICY)/.test(text));
    for (const statement of here) await own.query(statement);
    const left = `SELECT relname FROM pg_class WHERE relname = ANY ($1) AND (relforcerowsecurity OR NOT relrowsecurity
                     OR EXISTS (SELECT FROM pg_policy y WHERE polrelid = pg_class.oid AND polqual::text LIKE '%{SUBLINK %'))`;
    expect(await own.query(left, spread)).toEqual([]);
    expect(await Promise.all(scopes.map(seen))).toEqual(before);
    await own.close();
  });

  test('of a database that is spread already has the tables that came since, and nothing else', async () => {
    const own = await createUpkeepWorld();
    const [files, ...others] = await distributedTables(own.store.pool);
    const late = others.at(-1)!;
    await own.store.transaction(async (tx) => {
      await tx.query('SET LOCAL allow_system_table_mods = on');
      await tx.query('CREATE TABLE pg_catalog.pg_dist_partition (logicalrelid regclass, partmethod "char")');
    });
    await own.query(
      `INSERT INTO pg_dist_partition SELECT name::regclass, 'h' FROM unnest($1::text[]) AS name WHERE name <> $2`,
      [files, ...others],
      late,
    );
    await own.query(
      `DO $$ DECLARE t regclass; BEGIN FOR t IN SELECT logicalrelid FROM pg_dist_partition LOOP EXECUTE format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', t); END LOOP; END $$`,
    );
    const { sql, obstacles } = await citusPlan(own.store.pool, nodes);
    expect(obstacles).toEqual([]);
    expect([...sql.matchAll(/create_distributed_table\('(\w+)'.*colocate_with => '(\w+)'/g)].map(([, ...found]) => found)).toEqual([
      [late, files],
    ]);
    expect(sql).not.toMatch(/citus_add_node|ALTER ROLE/);
    await own.close();
  });
});

/** A held result is compared with what is served, and its rows are listed. */
async function lookAtHeldRows(): Promise<void> {
  const fixture = await createReviewFixture();
  const held = await fixture.heldWeek(
    [{ campaign_id: '1' }, { campaign_id: '2' }],
    [{ campaign_id: '2', clicks: '99' }, { campaign_id: '3' }],
  );
  for (const kind of ['added', 'changed', 'vanished'] as const)
    expect(await heldRows(held.ctx, { runId: held.runId, kind, cursor: 0, limit: 10 })).toMatchObject({ total: 1 });
  await fixture.close();
}

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
