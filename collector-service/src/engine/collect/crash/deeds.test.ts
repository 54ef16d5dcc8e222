import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrate } from '../../../data/store/migrate.ts';
import { openStore } from '../../../data/store/store.ts';
import { createTestDatabase } from '@amc-reports/test-support/database.ts';
import { backupContext } from '@amc-reports/test-support/backup/context.ts';
import { backup } from '../../../product/backup/backup.ts';
import { checkBackup } from '../../../product/backup/check.ts';
import { restore } from '../../../product/backup/restore.ts';
import { rebuild } from '../../../product/upkeep/rebuild.ts';
import { createScheduleBench, NOW } from '@amc-reports/test-support/schedule/bench.ts';
import { loadDatasets, SHIPPED_DATASETS } from '../../../data/catalogue/load.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { upkeepContext } from '@amc-reports/test-support/upkeep/context.ts';
import { startMortalPostgres, type MortalPostgres } from '@amc-reports/test-support/crash/mortal-postgres.ts';
import { openStage, rehearse, type Play } from '@amc-reports/test-support/crash/stage.ts';
import { spawnStep, type CrashAction } from '@amc-reports/test-support/crash/spawn-worker.ts';
import type { CrashPoint } from '../../../ground/crash-point.ts';

/** Crash points of what is not a step of a week: each is struck in both ways, and repeating the deed must make everything whole. */
const ACTIONS: [string, CrashAction][] = [
  ['killed', 'kill'],
  ['bereft of PostgreSQL', 'stop'],
];
let postgres: MortalPostgres;

beforeAll(async () => {
  postgres = await startMortalPostgres();
});
afterAll(() => postgres.destroy());

/** Runs the deed into its crash point; a command does not try again by itself when the database goes. */
async function strike(deed: string, url: string, request: unknown, point: CrashPoint, action: CrashAction): Promise<void> {
  const victim = await spawnStep('step-process.ts', [deed, url, JSON.stringify(request)], point, action);
  if (action === 'kill') {
    expect(await victim.ended).toBe('SIGKILL');
    return;
  }
  await victim.stopped;
  await postgres.strike('SIGQUIT');
  await postgres.revive();
  victim.kill('SIGCONT');
  expect(await victim.ended).toBe(1);
  expect(victim.log()).toMatch(/database_unavailable|Connection terminated|57P0/);
}

/** A killed process's transaction holds its locks until PostgreSQL has noticed, and a tick passes by a schedule that is locked. */
async function untilForgotten(query: (sql: string) => Promise<unknown[]>): Promise<void> {
  const open = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`;
  while ((await query(open)).length > 0) await sleep(20);
}

async function onMortal<T>(work: () => Promise<T>): Promise<T> {
  const before = process.env.TEST_POSTGRES_URL;
  process.env.TEST_POSTGRES_URL = postgres.adminUrl;
  try {
    return await work();
  } finally {
    process.env.TEST_POSTGRES_URL = before;
  }
}

describe.each(['migrate.insideFile', 'migrate.betweenTables'] as const)('a migration at %s', (point) => {
  test.each(ACTIONS)('%s: the next one makes the same database', async (_how, action) => {
    const datasets = await loadDatasets([SHIPPED_DATASETS]);
    const shapes: unknown[] = [];
    for (const crashed of [false, true]) {
      const database = await onMortal(() => createTestDatabase());
      if (crashed) await strike('migrate', database.url, null, point, action);
      const store = await openStore(database.url);
      const before = (await store.pool.query(`SELECT to_regclass('report_data_aggregates') AS made`)).rows[0].made;
      await migrate(store, { datasets });
      shapes.push(await shapeOf(store.pool));
      if (crashed) expect(before).toBe(point === 'migrate.insideFile' ? null : 'report_data_aggregates');
      await store.close();
      await onMortal(() => database.drop());
    }
    expect(shapes[1]).toEqual(shapes[0]);
  });
});

/** Columns, indexes, policies and what is registered. */
const shapeOf = async (pool: { query(sql: string): Promise<{ rows: unknown[] }> }): Promise<unknown[]> =>
  (
    await pool.query(`
      SELECT table_name || '.' || column_name || ' ' || data_type AS what FROM information_schema.columns WHERE table_schema = 'public'
      UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
      UNION ALL SELECT tablename || ' ' || policyname FROM pg_policies
      UNION ALL SELECT name || ' ' || sha256 FROM schema_migrations
      UNION ALL SELECT name || ' ' || version || ' ' || definition_sha256 FROM datasets
      UNION ALL SELECT table_name FROM report_data_aggregates
      ORDER BY 1`)
  ).rows;

describe('a schedule at schedule.beforeCommit', () => {
  test.each(ACTIONS)('%s: the tick happens once, whole, by whoever comes next', async (_how, action) => {
    const bench = await onMortal(() => createScheduleBench());
    const collection = await bench.served();
    const { id } = await bench.schedule([collection]);
    await bench.makeDue(id);
    await strike('tick', bench.database.url, NOW.toISOString(), 'schedule.beforeCommit', action);
    expect(await bench.planned(collection.id)).toEqual([]);
    expect(await bench.query('SELECT FROM schedule_ticks')).toEqual([]);
    await untilForgotten(bench.query);
    expect(await bench.tickDue()).toMatchObject({ failure: null });
    expect(await bench.tickDue()).toBeUndefined();
    expect(await bench.query('SELECT FROM schedule_ticks')).toHaveLength(1);
    expect((await bench.planned(collection.id)).length).toBeGreaterThan(1);
    await onMortal(() => bench.drop());
  });
});

describe.each(['rebuild.beforeCommit', 'rebuild.afterWeek'] as const)('a rebuild at %s', (point) => {
  let play: Play;
  beforeAll(async () => {
    play = await rehearse();
  });
  afterAll(() => play.sandbox.close());

  test.each(ACTIONS)('%s: repeating it makes every week what its file says', async (_how, action) => {
    const { bench, import: load } = await onMortal(() => openStage(play));
    await bench.collect(2);
    await load(play.files.real);
    await bench.query('UPDATE fact_campaign_performance_v2 SET clicks = clicks + 1 WHERE clicks > 0');
    const damaged = await bench.totals();
    expect(damaged).not.toEqual(play.totals);
    const { workspaceId } = bench.database;
    await strike('rebuild', bench.database.url, { workspaceId, verify: false }, point, action);
    const [now] = await bench.query<{ checks: number }>('SELECT count(*)::int AS checks FROM week_checks');
    expect(now!.checks).toBe(point === 'rebuild.afterWeek' ? 1 : 0);
    expect(await bench.totals()).not.toEqual(play.totals);
    await rebuild(upkeepContext(bench.database), { verify: false });
    expect(await bench.totals()).toEqual(play.totals);
    await onMortal(() => bench.drop());
  });
});

describe('a back-up at backup.insideTable', () => {
  test.each(ACTIONS)('%s: what lies there is no back-up, and the next one is whole', async (_how, action) => {
    const bench = await onMortal(() => createScheduleBench());
    const folder = await mkdtemp(join(tmpdir(), 'backup-'));
    const [first, second] = [join(folder, 'first'), join(folder, 'second')];
    await strike('backup', bench.database.url, first, 'backup.insideTable', action);
    const { signal, ...ctx } = backupContext(bench.database.store);
    await expect(checkBackup(first, signal)).rejects.toMatchObject({ message: expect.stringContaining('no whole back-up') });
    // A process that lives tidies up; what a killed one left is nobody's to overwrite.
    expect(await readdir(first)).toEqual(action === 'kill' ? ['tables'] : []);
    if (action === 'kill') await expect(backup({ ...ctx, signal }, { to: first })).rejects.toMatchObject({ code: 'conflict' });
    await backup({ ...ctx, signal }, { to: second });
    await checkBackup(second, signal);
    expect(await readdir(second)).toEqual(['manifest.json', 'tables']);
    await rm(folder, { recursive: true });
    await onMortal(() => bench.drop());
  });
});

describe.each(['restore.afterMark', 'restore.insideTable', 'restore.beforeCommit'] as const)('a restore at %s', (point) => {
  test.each(ACTIONS)('%s: no start takes the half for whole, and the same restore makes it whole', async (_how, action) => {
    const bench = await onMortal(() => createScheduleBench());
    await bench.schedule([await bench.served()]);
    const folder = join(await mkdtemp(join(tmpdir(), 'restore-')), 'backup');
    const manifest = await backup(backupContext(bench.database.store), { to: folder });
    const rowsOf = async (pool: { query(sql: string): Promise<{ rows: unknown[] }> }) =>
      (
        await pool.query(
          `SELECT (SELECT json_agg(s) FROM schedules s) AS schedules, (SELECT json_agg(w) FROM report_data_weeks w) AS weeks`,
        )
      ).rows;
    const before = await rowsOf(bench.database.store.pool);

    const target = await onMortal(() => createTestDatabase());
    await strike('restore', target.url, folder, point, action);
    const store = await openStore(target.url);
    const datasets = await loadDatasets([SHIPPED_DATASETS]);
    await expect(migrate(store, { datasets })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('did not finish'),
    });
    const other = await backup(backupContext(bench.database.store), { to: join(folder, '..', 'other') });
    await expect(restore(backupContext(store), { from: join(folder, '..', 'other'), manifest: other })).rejects.toMatchObject({
      code: 'conflict',
    });
    await restore(backupContext(store), { from: folder, manifest });
    await migrate(store, { datasets });
    expect(await rowsOf(store.pool)).toEqual(before);
    await store.close();
    await rm(join(folder, '..'), { recursive: true });
    await onMortal(() => target.drop());
    await onMortal(() => bench.drop());
  });
});
