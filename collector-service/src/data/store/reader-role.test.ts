import { createMigratedDatabase, type TestDatabase } from '@amc-reports/test-support/database.ts';
import { ensureReaderRole } from './reader-role.ts';
import { openStore } from './store.ts';

/** Roles are the whole server's: where Citus spreads one database, the reader has LOGIN in all. The role itself is left alone here. */
let database: TestDatabase;
beforeAll(async () => {
  database = await createMigratedDatabase();
});
afterAll(() => database.drop());

/** As a login whose search path finds another catalogue first: in it the reader may log in, and the server has these settings. */
async function ensuredOn(schema: string, settings: string): Promise<void> {
  const plain = await openStore(database.url);
  await plain.pool.query(
    `CREATE SCHEMA ${schema};
     CREATE VIEW ${schema}.pg_roles AS
       SELECT oid, rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin OR rolname = 'amc_reports_reader' AS rolcanlogin
         FROM pg_catalog.pg_roles;
     CREATE VIEW ${schema}.pg_settings AS SELECT ${settings} AS name`,
  );
  await plain.close();
  const store = await openStore(`${database.url}?options=${encodeURIComponent(`-c search_path=${schema},pg_catalog,public`)}`);
  try {
    await store.transaction(ensureReaderRole);
  } finally {
    await store.close();
  }
}

test('a reader that may log in is accepted where Citus is loaded, though another database has it', () =>
  expect(ensuredOn('spread', `'citus.shard_count'`)).resolves.toBeUndefined());

test('and refused anywhere else', () =>
  expect(ensuredOn('alone', `'work_mem'`)).rejects.toMatchObject({ code: 'config_invalid', message: expect.stringContaining('NOLOGIN') }));
