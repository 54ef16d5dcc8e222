import type pg from 'pg';
import { campaignFile, createMergeFixture, type MergeFixture, type TestInstance } from '@amc-reports/test-support/store/merge-fixture.ts';
import { readScoped } from './scope.ts';

const WEEK = '2026-01-05';
let fixture: MergeFixture;
let mine: TestInstance;
let other: TestInstance;

beforeAll(async () => {
  fixture = await createMergeFixture();
  [mine, other] = [await fixture.newInstance(), await fixture.newInstance()];
  for (const instance of [mine, other]) {
    await instance.merge(WEEK, campaignFile([{}]));
    await instance.merge(WEEK, campaignFile([{ clicks: '11' }]));
    await holdAndRule(instance);
  }
});
afterAll(() => fixture.close());

/** A row in each table about held runs. */
async function holdAndRule({ id, newRun }: TestInstance): Promise<void> {
  const { runId } = await newRun(WEEK);
  const statements = [
    `INSERT INTO held_runs (run_id, workspace_id, instance_id, dataset, dataset_version, week, objections, acceptable, served_version)
     SELECT $1, workspace_id, id, 'campaign_performance', 1, '${WEEK}', '[]', true, 1 FROM instances WHERE id = $2`,
    `INSERT INTO held_differences (run_id, instance_id, served_version, change) VALUES ($1, $2, 1, '{}')`,
    `INSERT INTO held_rows (run_id, instance_id, kind, row_no, keys) VALUES ($1, $2, 'added', 1, '{}')`,
    `INSERT INTO acceptance_rules (workspace_id, dataset, instance_id, max_move, reason, created_by)
     SELECT workspace_id, 'campaign_performance', id, 0.05, 'run ' || $1, 'test' FROM instances WHERE id = $2`,
  ];
  for (const statement of statements) await fixture.store.pool.query(statement, [runId, id]);
}

const protectedTables = async (): Promise<string[]> =>
  (
    await fixture.store.pool.query<{ name: string }>(
      `SELECT c.relname AS name FROM pg_class c WHERE c.relkind = 'r' AND has_table_privilege('amc_reports_reader', c.oid, 'SELECT') AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
    )
  ).rows.map((row) => row.name);
const scopeColumn = (table: string): string => (table === 'instances' ? 'id' : 'instance_id');
const seen = (scope: string[], table: string): Promise<string[]> =>
  readScoped(fixture.store, scope, async (tx) =>
    (await tx.query<{ id: string }>(`SELECT DISTINCT ${scopeColumn(table)}::text AS id FROM ${table}`)).rows.map((row) => row.id),
  );

test('a query without any WHERE sees its scope alone, in every table a reader may read', async () => {
  const tables = await protectedTables();
  expect(tables).toEqual(
    expect.arrayContaining([
      'fact_campaign_performance_v1',
      'rollup_campaign_performance_v1_total_day',
      'instances',
      'report_data_weeks',
      'week_revisions',
      'week_runs',
      'report_data_collections',
    ]),
  );
  for (const table of tables) {
    expect({ table, seen: await seen([mine.id], table) }).toEqual({
      table,
      // Rows of the one dataset were merged.
      seen: /^(fact|rollup)_(?!campaign_performance_v1(_|$))/.test(table) ? [] : [mine.id],
    });
    expect({ table, seen: await seen([], table) }).toEqual({ table, seen: [] });
  }
  expect((await seen([mine.id, other.id], 'fact_campaign_performance_v1')).sort()).toEqual([mine.id, other.id].sort());
});

test('asking for a stranger by name finds nothing', async () => {
  const rows = await readScoped(
    fixture.store,
    [mine.id],
    async (tx) => (await tx.query('SELECT FROM fact_campaign_performance_v1 WHERE instance_id = $1', [other.id])).rowCount,
  );
  expect(rows).toBe(0);
});

test.each(['connections', 'workspace_tokens', 'workspaces', 'result_files', 'audit_log', 'schema_migrations'])(
  '%s cannot be read at all',
  async (table) => {
    await expect(readScoped(fixture.store, [mine.id], (tx) => tx.query(`SELECT FROM ${table}`))).rejects.toMatchObject({ code: '42501' });
  },
);

test('nothing can be written', async () => {
  await expect(readScoped(fixture.store, [mine.id], (tx) => tx.query('DELETE FROM fact_campaign_performance_v1'))).rejects.toMatchObject({
    code: '25006',
  });
  await expect(readScoped(fixture.store, [mine.id], (tx) => tx.query('CREATE TEMPORARY TABLE t (a int)'))).rejects.toMatchObject({
    code: '25006',
  });
  const { rows } = await fixture.store.pool.query(
    `SELECT c.relname FROM pg_class c, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) AS right_to
      WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND has_table_privilege('amc_reports_reader', c.oid, right_to)`,
  );
  expect(rows).toEqual([]);
});

test('role, scope and deadline end with the read', async () => {
  await readScoped(fixture.store, [mine.id], async (tx) => {
    const { rows } = await tx.query(
      `SELECT current_user AS role, current_setting('app.scope') AS scope, current_setting('statement_timeout') AS timeout`,
    );
    expect(rows).toEqual([{ role: 'amc_reports_reader', scope: mine.id, timeout: '10s' }]);
  });
  const { rows } = await fixture.store.readers.query(
    `SELECT current_user = session_user AS own, coalesce(current_setting('app.scope', true), '') AS scope, current_setting('statement_timeout') AS timeout`,
  );
  expect(rows).toEqual([{ own: true, scope: '', timeout: '0' }]);
});

test('joins and orders are planned as PostgreSQL sees fit, unless the read groups many rows, and after it again', async () => {
  const planned = (grouping: boolean) =>
    readScoped(
      fixture.store,
      [mine.id],
      async (tx) =>
        (await tx.query(`SELECT current_setting('enable_nestloop') AS loops, current_setting('enable_sort') AS sorts`)).rows[0] as object,
      { grouping },
    );
  expect(await planned(false)).toEqual({ loops: 'on', sorts: 'on' });
  expect(await planned(true)).toEqual({ loops: 'off', sorts: 'off' });
  expect(await planned(false)).toEqual({ loops: 'on', sorts: 'on' });
});

test('a read that fails or takes too long gives its connection back clean', async () => {
  await expect(readScoped(fixture.store, [mine.id], (tx) => tx.query('SELECT pg_sleep(300)'), { timeoutMs: 20 })).rejects.toMatchObject({
    code: 'timed_out',
  });
  const stopping = new AbortController();
  const reading = readScoped(
    fixture.store,
    [mine.id],
    async (tx) => {
      const wait = tx.query('SELECT pg_sleep(300)');
      stopping.abort(new Error('stopped'));
      await wait;
    },
    { signal: stopping.signal },
  );
  await expect(reading).rejects.toThrow('stopped');
  expect((await fixture.store.readers.query('SELECT current_user = session_user AS own')).rows).toEqual([{ own: true }]);
});

test('nothing is asked where the transaction, its role or its scope could not begin', async () => {
  const { readers } = fixture.store;
  const connect = async (): Promise<pg.PoolClient> => {
    const client = await readers.connect();
    const query = client.query.bind(client) as (text: string) => Promise<pg.QueryResult>;
    client.query = (() => {
      client.query = query as typeof client.query;
      return query('SELECT 1 / 0');
    }) as typeof client.query;
    return client;
  };
  const store = { readers: { connect, options: readers.options } as pg.Pool };
  let asked = false;
  const reading = readScoped(store, [mine.id], async (tx) => {
    asked = true;
    return tx.query('SELECT count(*) FROM workspace_tokens');
  });
  await expect(reading).rejects.toThrow('division by zero');
  expect(asked).toBe(false);
});

test('all statements of a read see one moment', async () => {
  await readScoped(fixture.store, [mine.id], async (tx) => {
    const count = async (): Promise<unknown> => (await tx.query('SELECT count(*) FROM fact_campaign_performance_v1')).rows;
    const before = await count();
    await mine.merge('2026-01-12', campaignFile([{ event_date: '2026-01-12' }]));
    expect(await count()).toEqual(before);
  });
});

test('an id that is no number is refused before it reaches the database', async () => {
  await expect(readScoped(fixture.store, ['1,2'], async () => undefined)).rejects.toMatchObject({ code: 'invalid_request', kind: 'bug' });
});
