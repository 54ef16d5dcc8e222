import { loadDatasets, SHIPPED_DATASETS } from '../catalogue/load.ts';
import type { Dataset } from '../catalogue/dataset.ts';
import { startMortalPostgres, type MortalPostgres } from '@amc-reports/test-support/crash/mortal-postgres.ts';
import { withLogin } from '@amc-reports/test-support/store/login.ts';
import { migrate } from './migrate.ts';
import { assertReadable } from './readable.ts';
import { readScoped } from './scope.ts';
import { openStore, type Store } from './store.ts';
import { withConnection } from './connection.ts';

/** On a server of its own: roles belong to the whole server, and here they go. */
let postgres: MortalPostgres;
let admin: Store;
let datasets: Dataset[];
let first: Store;

const urlAs = (login: string): string => withLogin(postgres.adminUrl, 'restored', login);

beforeAll(async () => {
  datasets = await loadDatasets([SHIPPED_DATASETS]);
});
beforeEach(async () => {
  postgres = await startMortalPostgres();
  const server = await openStore(postgres.adminUrl);
  await server.pool.query(`CREATE ROLE first LOGIN PASSWORD 'x' CREATEROLE`);
  await server.pool.query('CREATE DATABASE restored OWNER first');
  await server.close();
  first = await openStore(urlAs('first'));
  await migrate(first, { datasets });
  await first.pool.query(
    `WITH w AS (INSERT INTO workspaces (name) VALUES ('w') RETURNING id),
          c AS (INSERT INTO connections (workspace_id, name, api_url, token_url, client_id, secret_key_id, secret_nonce, secret_ciphertext)
                SELECT id, 'c', '', '', '', '', '', '' FROM w RETURNING id, workspace_id)
     INSERT INTO instances (workspace_id, connection_id, amc_instance_id, name, account_id, marketplace_id, time_zone)
     SELECT workspace_id, id, 'amc1', 'i', 'a', 'm', 'UTC' FROM c`,
  );
  const url = new URL(postgres.adminUrl);
  url.pathname = '/restored';
  admin = await openStore(url.href);
});
afterEach(async () => {
  await first.close();
  await admin.close();
  await postgres.destroy();
});

/** Policies, grants and switches of every table, with the owner's name left out. */
const protection = async (): Promise<unknown[]> =>
  (
    await admin.pool.query(
      `SELECT c.relname, c.relrowsecurity, c.relforcerowsecurity, has_table_privilege('amc_reports_reader', c.oid, 'SELECT') AS readable,
              (SELECT json_agg(json_build_array(p.polname, p.polcmd, pg_get_expr(p.polqual, c.oid), pg_get_expr(p.polwithcheck, c.oid),
                                                p.polroles = ARRAY[c.relowner], p.polroles = ARRAY['amc_reports_reader'::regrole::oid]) ORDER BY p.polname)
                 FROM pg_policy p WHERE p.polrelid = c.oid) AS policies
         FROM pg_class c WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace ORDER BY 1`,
    )
  ).rows;

const seen = async (store: Store): Promise<unknown> =>
  (await readScoped(store, ['1'], (tx) => tx.query('SELECT count(*)::int AS n FROM instances'))).rows[0];

const readiness = (store: Store): Promise<void> => withConnection(store.pool, undefined, (db) => assertReadable(db, datasets));

test('tables restored without the reader role, by another owner, get role, grants and policies at the next migration', async () => {
  const before = await protection();
  await admin.pool.query('DROP OWNED BY amc_reports_reader; DROP ROLE amc_reports_reader');
  await admin.pool.query(
    `CREATE ROLE second LOGIN PASSWORD 'x' CREATEROLE; ALTER DATABASE restored OWNER TO second; REASSIGN OWNED BY first TO second`,
  );
  const second = await openStore(urlAs('second'));
  // What the old back-up left: the owner's own policies speak of somebody else.
  expect((await second.pool.query('SELECT FROM instances')).rowCount).toBe(0);
  await expect(readiness(second)).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining('collector migrate') });

  await migrate(second, { datasets });
  expect((await second.pool.query('SELECT FROM instances')).rowCount).toBe(1);
  expect(await protection()).toEqual(before);
  expect(await seen(second)).toEqual({ n: 1 });
  await readiness(second);
  await second.close();
});

test.each([
  ['a policy', 'DROP POLICY reader_scope ON fact_campaign_performance_v2', 'fact_campaign_performance_v2'],
  ['a grant', 'REVOKE SELECT ON report_data_weeks FROM amc_reports_reader', 'report_data_weeks'],
  ['row-level security', 'ALTER TABLE week_runs DISABLE ROW LEVEL SECURITY', 'week_runs'],
])('%s that is missing is named by the check of readiness, and made again by migrating', async (_what, damage, table) => {
  const before = await protection();
  await readiness(first);
  await admin.pool.query(damage);
  await expect(readiness(first)).rejects.toMatchObject({ message: expect.stringContaining(table) });
  await migrate(first, { datasets });
  await readiness(first);
  expect(await protection()).toEqual(before);
});

test('what only a question would meet is said at the start: the reader may not use the schema', async () => {
  await admin.pool.query('REVOKE USAGE ON SCHEMA public FROM PUBLIC; GRANT USAGE, CREATE ON SCHEMA public TO first');
  await expect(migrate(first, { datasets })).rejects.toMatchObject({
    code: 'config_invalid',
    details: { commands: 'GRANT USAGE ON SCHEMA public TO amc_reports_reader;' },
  });
});

test('migrating with nothing to do waits for no reader, however long it holds its tables', async () => {
  await admin.transaction(async (tx) => {
    const { rows } = await tx.query<{ name: string }>(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`);
    await tx.query(`LOCK TABLE ${rows.map(({ name }) => name).join(', ')} IN ACCESS SHARE MODE`);
    await migrate(first, { datasets });
  });
});

test('every protected table is known by name to what makes it again', async () => {
  const made = (await protection()) as { relname: string; policies: unknown }[];
  const before = made.filter(({ policies }) => policies !== null).map(({ relname }) => relname);
  for (const table of before) await admin.pool.query(`DROP POLICY reader_scope ON ${table}; DROP POLICY owner_all ON ${table}`);
  await migrate(first, { datasets });
  expect(await protection()).toEqual(made);
});
