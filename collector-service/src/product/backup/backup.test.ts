import { appendFile, mkdtemp, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../data/store/migrate.ts';
import { openStore, type Store } from '../../data/store/store.ts';
import { rebuild } from '../upkeep/rebuild.ts';
import { backupContext } from '@amc-reports/test-support/backup/context.ts';
import { startForeignServer, type ForeignServer } from '@amc-reports/test-support/backup/foreign-server.ts';
import { campaignFile } from '@amc-reports/test-support/store/merge-fixture.ts';
import { shop, shopFile } from '@amc-reports/test-support/upkeep/shop.ts';
import { createUpkeepWorld, type UpkeepWorld } from '@amc-reports/test-support/upkeep/world.ts';
import { backup } from './backup.ts';
import { checkBackup } from './check.ts';
import type { Manifest } from './manifest.ts';
import { restore, type Restored } from './restore.ts';

let world: UpkeepWorld;
let elsewhere: ForeignServer;
let folder: string;

beforeAll(async () => {
  elsewhere = await startForeignServer();
  // A dataset that only this collector knows: the one that restores has lost its file.
  world = await createUpkeepWorld([shop()]);
  const [one, two] = [await world.newInstance(), await world.newInstance()];
  for (const week of ['2026-01-05', '2026-01-12']) {
    await one.load(
      'campaign_performance',
      campaignFile([{ campaign_id: '1', campaign: '"Ünïcödé, ""quoted""\tand \\ more"', event_date: week }]),
    );
    await two.load('shop', shopFile(week, 1, { header: 'colour', value: 'red' }), week);
  }
  await world.query(`CREATE TABLE somebodys (note text); INSERT INTO somebodys VALUES ('not ours')`);
});
afterAll(async () => {
  await world.close();
  await elsewhere.destroy();
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backup-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string): string => join(folder, name);
const check = (name: string): Promise<Manifest> => checkBackup(at(name), AbortSignal.timeout(60_000));
const backUp = (name: string, store: Store = world.store): Promise<Manifest> => backup(backupContext(store), { to: at(name) });

/** Restores into a database of its own and lends it. */
async function restored<T>(name: string, work: (store: Store, outcome: Restored) => Promise<T>): Promise<T> {
  const store = await openStore(await elsewhere.newDatabase());
  try {
    const outcome = await restore(backupContext(store), { from: at(name), manifest: await check(name) });
    return await work(store, outcome);
  } finally {
    await store.close();
  }
}

/** Every table of ours with a hash of its rows, as text and in no order. */
async function contents(store: Store): Promise<Record<string, string>> {
  const { rows } = await store.pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relpersistence = 'p' AND relnamespace = 'public'::regnamespace
        AND relname NOT IN ('audit_log', 'schema_migrations', 'job_setup', 'clock_seen', 'somebodys') ORDER BY 1`,
  );
  const hashes: Record<string, string> = {};
  for (const { name } of rows) {
    const hash = await store.pool.query<{ hash: string }>(
      `SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\\n' ORDER BY t::text)), '') AS hash FROM ${name} t`,
    );
    hashes[name] = hash.rows[0]!.hash;
  }
  return hashes;
}

/** Columns, keys and indexes of the datasets' tables. */
const shapes = async (store: Store): Promise<unknown[]> =>
  (
    await store.pool.query(
      `SELECT c.relname, c.reloptions, c.relrowsecurity, c.relforcerowsecurity, a.attname, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull,
              col_description(c.oid, a.attnum) AS comment, (SELECT json_agg(indexdef ORDER BY indexdef) FROM pg_indexes WHERE tablename = c.relname) AS indexes
         FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE c.relkind = 'r' AND c.relname ~ '^(fact|rollup)_' ORDER BY c.relname, a.attnum`,
    )
  ).rows;

test('everything comes back on another server under another login, dataset versions without a file included', async () => {
  await backUp('one');
  await restored('one', async (store, { leftOut, weeksCompared }) => {
    expect({ leftOut, weeksCompared }).toEqual({ leftOut: ['somebodys'], weeksCompared: true });
    expect(await contents(store)).toEqual(await contents(world.store));
    expect(await shapes(store)).toEqual(await shapes(world.store));
    const shipped = world.catalogue.datasets.filter(({ dataset }) => dataset !== 'shop');
    await migrate(store, { datasets: shipped });
    await migrate(store, { datasets: world.catalogue.datasets });
    const weeks = await rebuild(world.context({ store, signal: AbortSignal.timeout(60_000) }), { verify: true });
    expect(weeks.map(({ outcome }) => outcome)).toEqual(['same', 'same', 'same', 'same']);
    expect((await store.pool.query(`SELECT person, action FROM audit_log ORDER BY id DESC LIMIT 1`)).rows).toEqual([
      { person: 'ada', action: 'database.restore' },
    ]);
  });
});

test('tables with names that are certainly not ours stay out, and the back-up can be read', async () => {
  await world.query(`CREATE TABLE "Somebody's" (note text); CREATE TABLE odd_columns ("a note" text)`);
  await backUp('one');
  await world.query(`DROP TABLE "Somebody's"; DROP TABLE odd_columns`);
  const { tables } = await check('one');
  expect(tables.map(({ name }) => name).filter((name) => /some|odd/i.test(name))).toEqual(['somebodys']);
});

test('ids go on behind the last that was given out, and those that others hold on to far behind', async () => {
  await backUp('one');
  const [before] = await world.query<{ instance: string; run: string }>(
    `SELECT pg_sequence_last_value('instances_id_seq') AS instance, pg_sequence_last_value('week_runs_id_seq') AS run`,
  );
  await restored('one', async (store) => {
    const { rows } = await store.pool.query(`SELECT nextval('instances_id_seq') AS instance, nextval('week_runs_id_seq') AS run`);
    expect(rows).toEqual([{ instance: String(Number(before!.instance) + 1), run: String(Number(before!.run) + 1_000_001) }]);
  });
});

test('it is one moment: what is committed while tables are being written is in none of them', async () => {
  const before = await contents(world.store);
  let changed = false;
  await backup(backupContext(world.store), { to: at('one') }, async ({ done }) => {
    if (done > 1) return;
    await world.query('UPDATE workspaces SET updated_at = now()');
    await world.query('UPDATE report_data_weeks SET updated_at = now()');
    changed = true;
  });
  expect(changed).toBe(true);
  await restored('one', async (store) => expect(await contents(store)).toEqual(before));
});

test('rows that are not what was accepted are told, kept as they are, and found again', async () => {
  await world.query(`UPDATE fact_campaign_performance_v1 SET clicks = clicks + 1 WHERE week = '2026-01-05'`);
  const manifest = await backUp('one');
  await world.query(`UPDATE fact_campaign_performance_v1 SET clicks = clicks - 1 WHERE week = '2026-01-05'`);
  expect(manifest.weeks).toEqual({
    checked: 4,
    differing: [{ dataset: 'campaign_performance', version: 1, instance: '1', week: '2026-01-05' }],
  });
  await restored('one', async (_store, { weeksCompared }) => expect(weeksCompared).toBe(true));
});

describe('A back-up that is not whole', () => {
  const damages: [string, () => Promise<unknown>, RegExp][] = [
    ['a byte that changed', () => flip(at('one/tables/instances.copy.zst')), /instances\.copy\.zst is damaged: its SHA-256/],
    ['a file that was cut', () => truncate(at('one/tables/week_runs.copy.zst'), 5), /week_runs\.copy\.zst is damaged: it has 5 bytes/],
    ['a file that grew', () => appendFile(at('one/tables/datasets.copy.zst'), 'x'), /datasets\.copy\.zst is damaged: it has/],
    ['a file that is missing', () => rm(at('one/tables/result_files.copy.zst')), /result_files\.copy\.zst is damaged: it is missing/],
    ['a manifest that changed', () => flip(at('one/manifest.json')), /manifest\.json is damaged/],
    ['no manifest', () => rm(at('one/manifest.json')), /no whole back-up/],
  ];
  test.each(damages)('%s is named before anything is changed', async (_what, damage, message) => {
    await backUp('one');
    await damage();
    await expect(check('one')).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringMatching(message) });
  });

  test('one of a newer version is refused', async () => {
    await world.query(`INSERT INTO schema_migrations (number, name, sha256) VALUES (9999, '9999_future.sql', repeat('a', 64))`);
    await expect(backUp('one')).rejects.toMatchObject({ code: 'invalid_request', message: expect.stringContaining('9999_future.sql') });
    await world.query('DELETE FROM schema_migrations WHERE number = 9999');
    const manifest = await backUp('one');
    manifest.migrations.push({ number: 9999, name: '9999_future.sql', sha256: 'a'.repeat(64) });
    await rm(at('one/manifest.json'));
    const { writeManifest } = await import('./manifest.ts');
    await writeManifest(at('one'), manifest);
    await expect(check('one')).rejects.toMatchObject({ message: expect.stringContaining('9999_future.sql') });
  });
});

test('a database that is not empty is refused, and stays as it is', async () => {
  const manifest = await backUp('one');
  const before = await world.counts();
  await expect(restore(backupContext(world.store), { from: at('one'), manifest })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringMatching(/not empty: it has .*acceptance_rules/),
  });
  expect(await world.counts()).toEqual(before);
});

test('rows that a file lacks although its hash is right undo everything, and the restore can be repeated', async () => {
  const manifest = await backUp('one');
  const wrong = structuredClone(manifest);
  wrong.tables.find(({ name }) => name === 'instances')!.rows++;
  const store = await openStore(await elsewhere.newDatabase());
  await expect(restore(backupContext(store), { from: at('one'), manifest: wrong })).rejects.toMatchObject({ code: 'result_value' });
  expect((await store.pool.query('SELECT FROM workspaces')).rowCount).toBe(0);
  await restore(backupContext(store), { from: at('one'), manifest });
  expect(await contents(store)).toEqual(await contents(world.store));
  await store.close();
});

test('a directory with anything in it is left alone', async () => {
  await writeFile(at('letter.txt'), 'dear');
  await expect(backup(backupContext(world.store), { to: folder })).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('letter.txt'),
  });
  expect(await readdir(folder)).toEqual(['letter.txt']);
});

test('a back-up that fails on the way leaves its directory empty', async () => {
  const over = new AbortController();
  const ctx = { ...backupContext(world.store), signal: over.signal };
  await expect(backup(ctx, { to: at('one') }, () => over.abort(new Error('stopped')))).rejects.toThrow('stopped');
  expect(await readdir(at('one'))).toEqual([]);
});

test('a database of nobody has nothing to back up', async () => {
  const store = await openStore(await elsewhere.newDatabase());
  await expect(backUp('one', store)).rejects.toMatchObject({ message: expect.stringContaining('nothing to back up') });
  await store.close();
  expect(await readdir(folder)).toEqual([]);
});

/** Another byte in the middle. */
async function flip(path: string): Promise<void> {
  const bytes = await readFile(path);
  const middle = Math.floor(bytes.length / 2);
  bytes[middle] = bytes[middle]! ^ 1;
  await writeFile(path, bytes);
}
