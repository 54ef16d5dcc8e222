import pg from 'pg';
import { createMigratedDatabase, type TestDatabase } from '@amc-reports/test-support/database.ts';
import { pgBouncerAtHand, startPgBouncer } from '@amc-reports/test-support/pgbouncer.ts';
import { readScoped } from './scope.ts';
import { openStore, type Store } from './store.ts';

/** Defaults that an administrator may have set, each of which would change what our statements say or mean. */
const FOREIGN: Record<string, string> = {
  datestyle: 'SQL, DMY',
  intervalstyle: 'sql_standard',
  timezone: 'Asia/Kolkata',
  extra_float_digits: '-10',
  bytea_output: 'escape',
  standard_conforming_strings: 'off',
  row_security: 'off',
  jit: 'on',
  statement_timeout: '7min',
  lock_timeout: '7min',
  idle_in_transaction_session_timeout: '7min',
  'citus.propagate_set_commands': 'none',
};
const OUTSIDE: Record<string, string> = { default_transaction_isolation: 'serializable', default_transaction_read_only: 'on' };

const OURS: Record<string, string> = {
  datestyle: 'ISO, YMD',
  intervalstyle: 'postgres',
  timezone: 'UTC',
  extra_float_digits: '1',
  bytea_output: 'hex',
  standard_conforming_strings: 'on',
  row_security: 'on',
  jit: 'off',
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '1min',
  'citus.propagate_set_commands': 'local',
};

const SHOWN = `SELECT json_object_agg(name, current_setting(name)) AS settings FROM unnest($1::text[]) AS name`;
const settingsOf = async (db: Pick<pg.ClientBase, 'query'>, names = Object.keys(OURS)): Promise<unknown> =>
  (await db.query<{ settings: unknown }>(SHOWN, [names])).rows[0]!.settings;

let database: TestDatabase;
beforeAll(async () => {
  database = await createMigratedDatabase();
  const admin = new pg.Client(database.url);
  await admin.connect();
  const name = new URL(database.url).pathname.slice(1);
  for (const [setting, value] of Object.entries({ ...FOREIGN, ...OUTSIDE }))
    await admin.query(`ALTER DATABASE ${name} SET ${setting} = ${value.includes(',') ? value : `'${value}'`}`);
  await admin.end();
});
afterAll(() => database.drop());

test('without them the defaults hold: what follows is our doing', async () => {
  const stranger = new pg.Client(database.url);
  await stranger.connect();
  expect(await settingsOf(stranger)).toEqual(FOREIGN);
  expect(await settingsOf(stranger, Object.keys(OUTSIDE))).toEqual(OUTSIDE);
  await stranger.end();
});

describe.each([
  ['straight', true],
  ['through PgBouncer in transaction mode', pgBouncerAtHand],
])('%s, whatever the defaults of the database', (way, atHand) => {
  const run = atHand ? test : test.skip;
  let store: Store;
  let close: () => Promise<void>;

  beforeAll(async () => {
    if (!atHand) return;
    const bouncer = way === 'straight' ? undefined : await startPgBouncer(database.url, { mode: 'transaction', poolSize: 2 });
    store = await openStore(bouncer?.through(database.url) ?? database.url, bouncer && { directUrl: database.url });
    close = async () => {
      await store.close();
      await bouncer?.close();
    };
  });
  afterAll(() => close?.());

  run('statements, transactions and sessions have our settings', async () => {
    expect(await settingsOf(store.pool)).toEqual(OURS);
    expect(await settingsOf(store.sessions)).toEqual(OURS);
    expect(await store.transaction((tx) => settingsOf(tx))).toEqual(OURS);
  });

  run('a scoped read has them too, with a deadline of its own', async () => {
    const read = await readScoped(store, [], (tx) => settingsOf(tx as pg.ClientBase), { timeoutMs: 3_000 });
    expect(read).toEqual({ ...OURS, statement_timeout: '3s' });
  });

  run('statements and transactions may write, and transactions have the isolation they ask for', async () => {
    await store.pool.query(`INSERT INTO workspaces (name) VALUES ($1)`, [`statement ${way}`]);
    const isolation = await store.transaction(async (tx) => {
      await tx.query(`INSERT INTO workspaces (name) VALUES ($1)`, [`transaction ${way}`]);
      return (await tx.query<{ level: string }>(`SELECT current_setting('transaction_isolation') AS level`)).rows[0]!.level;
    });
    expect(isolation).toBe('read committed');
    const { rows } = await store.pool.query(`SELECT FROM workspaces WHERE name LIKE '%' || $1`, [way]);
    expect(rows).toHaveLength(2);
  });

  run('days, moments, numbers and bytes arrive whole', async () => {
    const { rows } = await store.pool.query(
      `SELECT DATE '2026-03-04'::text AS day, ('2026-03-04'::timestamp AT TIME ZONE 'UTC') AS moment,
              date_trunc('day', '2026-03-04T20:00:00Z'::timestamptz)::text AS utc, (0.1::float8 + 0.2)::text AS float, '\\x5c'::bytea AS bytes, 'a\\\\b' AS text`,
    );
    expect(rows).toEqual([
      {
        day: '2026-03-04',
        moment: new Date('2026-03-04T00:00:00Z'),
        utc: '2026-03-04 00:00:00+00',
        float: '0.30000000000000004',
        bytes: Buffer.from('\\'),
        text: 'a\\\\b',
      },
    ]);
  });
});
