import { mkdir, readdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { campaignFile } from '@amc-reports/test-support/store/merge-fixture.ts';
import { CLEAN_UPS, cleanUp, type CleanUpName } from './clean-up.ts';
import type { Retention } from './retention.ts';
import { KEEP } from '@amc-reports/test-support/upkeep/context.ts';
import { createUpkeepWorld, type TestInstance, type UpkeepWorld } from '@amc-reports/test-support/upkeep/world.ts';

let world: UpkeepWorld;
let instance: TestInstance;

beforeAll(async () => {
  world = await createUpkeepWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  instance = await world.newInstance();
  await instance.load('campaign_performance', campaignFile([{ campaign_id: '1' }, { campaign_id: '2' }]));
});

const WEEK = '2026-01-05';
const clean = async (only: CleanUpName, { dryRun = false, ...keep }: Partial<Retention> & { dryRun?: boolean } = {}) => {
  const [removed] = await cleanUp(world.context({ retention: { ...KEEP, ...keep } }), { only: [only], dryRun });
  return removed!;
};
const newRun = async (state: string, finishedDaysAgo: number | null = 1): Promise<string> => {
  const [run] = await world.query<{ id: string }>(
    `INSERT INTO week_runs (collection_id, instance_id, week, state, finished_at)
     SELECT id, instance_id, '${WEEK}', $2, now() - $3::float8 * interval '1 day' FROM report_data_collections WHERE instance_id = $1 RETURNING id::text`,
    instance.id,
    state,
    finishedDaysAgo,
  );
  return run!.id;
};
const newFile = (runId: string) =>
  world.query(
    `INSERT INTO result_files (instance_id, run_id, part, chunk, packed) VALUES ($1, $2, 0, 0, '\\x0102030405')`,
    instance.id,
    runId,
  );
const newHeld = async (decision: string | null, decidedDaysAgo = 100, state = 'held'): Promise<string> => {
  const run = await newRun(state, 100);
  await newFile(run);
  await world.query(
    `INSERT INTO held_runs (run_id, workspace_id, instance_id, dataset, dataset_version, week, objections, acceptable, served_version, held_at, decision, decided_by, decided_at)
     VALUES ($1, $2, $3, 'campaign_performance', 1, '${WEEK}', '[]', true, 1, now() - interval '200 days', $4, $4, CASE WHEN $4::text IS NULL THEN NULL ELSE now() - $5::float8 * interval '1 day' END)`,
    run,
    world.workspaceId,
    instance.id,
    decision,
    decidedDaysAgo,
  );
  return run;
};
const filesOf = async () =>
  (await world.query<{ id: string }>('SELECT DISTINCT run_id::text AS id FROM result_files WHERE instance_id = $1', instance.id)).map(
    ({ id }) => id,
  );
const served = async () =>
  (await world.query<{ id: string }>('SELECT accepted_run_id::text AS id FROM report_data_weeks WHERE instance_id = $1', instance.id))[0]!
    .id;

test('files that nothing refers to go; those of served weeks, held runs and runs under way stay', async () => {
  const [failed, merging, open] = [await newRun('failed'), await newRun('merging', null), await newHeld(null)];
  await newFile(failed);
  await newFile(merging);
  await newFile('987654321');
  expect(await clean('orphan-files', { dryRun: true })).toEqual({ what: 'orphan-files', rows: 2, bytes: 10 });
  expect(await filesOf()).toHaveLength(5);
  expect(await clean('orphan-files')).toEqual({ what: 'orphan-files', rows: 2, bytes: 10 });
  expect((await filesOf()).sort()).toEqual([await served(), merging, open].sort());
});

test('the file of a held run goes long after the decision, and never before one', async () => {
  const open = await newHeld(null);
  const [kept, recent] = [await newHeld('kept'), await newHeld('kept', 29)];
  const accepted = await newHeld('accepted', 100, 'downloading');
  expect(await clean('held-files')).toMatchObject({ rows: 1 });
  expect((await filesOf()).sort()).toEqual([await served(), open, recent, accepted].sort());
  expect(await filesOf()).not.toContain(kept);
  await clean('held-files', { heldFilesDays: 1 });
  expect((await filesOf()).sort()).toEqual([await served(), open, accepted].sort());
});

test('files of served weeks are kept for ever unless a number of weeks is set', async () => {
  const open = await newHeld(null);
  expect(await clean('old-files')).toMatchObject({ rows: 0 });
  await world.query(`UPDATE report_data_weeks SET week = date_trunc('week', now() - interval '10 weeks')::date`);
  expect(await clean('old-files', { resultFilesWeeks: 12 })).toMatchObject({ rows: 0 });
  const sizes = await clean('old-files', { resultFilesWeeks: 8, dryRun: true });
  expect(sizes.bytes).toBeGreaterThan(100);
  expect(await clean('old-files', { resultFilesWeeks: 8 })).toEqual(sizes);
  expect(await filesOf()).toEqual([open]);
  expect(await world.query('SELECT FROM fact_campaign_performance_v1 WHERE instance_id = $1', instance.id)).toHaveLength(2);
});

test('old runs go, except the newest of a week, served ones, ones that changed a week and held ones', async () => {
  const old = await newRun('done', 500);
  const revised = await newRun('done', 500);
  await world.query(
    `INSERT INTO week_revisions (instance_id, dataset, dataset_version, week, data_version, run_id, rows_added, rows_changed, rows_vanished, totals_after)
     VALUES ($1, 'campaign_performance', 1, '${WEEK}', 99, $2, 0, 1, 0, '{}')`,
    instance.id,
    revised,
  );
  const held = await newHeld(null);
  await world.query(
    `UPDATE week_runs SET finished_at = now() - interval '500 days' WHERE instance_id = $1 AND finished_at IS NOT NULL`,
    instance.id,
  );
  const recent = await newRun('failed', 10);
  const newest = await newRun('failed', 500);
  expect(await clean('runs', { dryRun: true })).toEqual({ what: 'runs', rows: 1, bytes: null });
  expect(await clean('runs')).toEqual({ what: 'runs', rows: 1, bytes: null });
  const left = (await world.query<{ id: string }>('SELECT id::text FROM week_runs WHERE instance_id = $1', instance.id)).map(
    ({ id }) => id,
  );
  expect(left.sort()).toEqual([await served(), revised, held, recent, newest].sort());
  expect(left).not.toContain(old);
});

test('events, ticks and the audit log go by age; the audit log only when told', async () => {
  await world.query(`UPDATE outbox SET created_at = now() - interval '73 hours'`);
  await world.query(`UPDATE audit_log SET created_at = now() - interval '40 days'`);
  const [schedule] = await world.query<{ id: string }>(
    `INSERT INTO schedules (workspace_id, name, cron, time_zone, last_month, next_at, created_by) VALUES ($1, 'weekly', '0 6 * * 2', 'UTC', '2026-01', now(), 't') RETURNING id::text`,
    world.workspaceId,
  );
  for (const days of [600, 500, 450])
    await world.query(
      `INSERT INTO schedule_ticks (schedule_id, kind, due_at, ticked_at, asked_by) VALUES ($1, 'scheduled', now() - $2::float8 * interval '1 day', now() - $2::float8 * interval '1 day', 't')`,
      schedule!.id,
      days,
    );
  expect((await clean('events')).rows).toBeGreaterThan(0);
  expect(await clean('schedule-history')).toMatchObject({ rows: 2 });
  expect(await clean('audit')).toMatchObject({ rows: 0 });
  expect((await clean('audit', { auditDays: 30 })).rows).toBeGreaterThan(0);
  expect(await world.query(`SELECT subject FROM audit_log WHERE created_at < now() - interval '30 days'`)).toEqual([]);
});

test('the spool folder loses what the dead left, and nothing of the living', async () => {
  const [live, gone] = [await newRun('merging', null), await newRun('failed')];
  const spool = world.deps.spoolDirectory;
  const names = [
    `run-${live}-0`,
    `run-${live}-7`,
    `run-${gone}-0`,
    'run-x-1',
    'import-999999999-1',
    `upkeep-${process.pid}-1-1`,
    'upkeep-999999999-1-1',
    'notes',
  ];
  for (const name of names) {
    await mkdir(join(spool, name), { recursive: true });
    await writeFile(join(spool, name, 'part.csv'), '12345');
    if (name !== 'upkeep-999999999-1-1') await utimes(join(spool, name), 0, 0);
  }
  expect(await clean('spool', { dryRun: true })).toEqual({ what: 'spool', rows: 3, bytes: 15 });
  expect(await readdir(spool)).toHaveLength(names.length);
  expect(await clean('spool')).toEqual({ what: 'spool', rows: 3, bytes: 15 });
  expect((await readdir(spool)).sort()).toEqual(
    [`run-${live}-0`, 'run-x-1', `upkeep-${process.pid}-1-1`, 'upkeep-999999999-1-1', 'notes'].sort(),
  );
});

test('a dry run of everything changes no row of any table and no file, and what went is in the audit log', async () => {
  await newFile(await newRun('failed'));
  const before = [await world.counts(), await readdir(world.deps.spoolDirectory)];
  const ctx = world.context({ retention: { ...KEEP, resultFilesWeeks: 1, auditDays: 30 } });
  const would = await cleanUp(ctx, { dryRun: true });
  expect([await world.counts(), await readdir(world.deps.spoolDirectory)]).toEqual(before);
  expect(would.map(({ what }) => what)).toEqual([...CLEAN_UPS]);
  const did = await cleanUp(ctx, { dryRun: false });
  expect(did).toEqual(would);
  const noted = await world.query<{ subject: string }>(
    `SELECT subject FROM audit_log WHERE action = 'clean-up' AND person = 'ada' AND created_at > now() - interval '5 seconds'`,
  );
  expect(noted.map(({ subject }) => subject)).toEqual(expect.arrayContaining(did.filter(({ rows }) => rows > 0).map(({ what }) => what)));
});

test('another workspace is left alone', async () => {
  await newFile('987654321');
  const [other] = await world.query<{ id: string }>(`INSERT INTO workspaces (name) VALUES ('other') RETURNING id::text`);
  const scope = { workspaceId: other!.id, instanceIds: null };
  const ctx = world.context({ scope, retention: { ...KEEP, resultFilesWeeks: 1 } });
  const removed = await cleanUp(ctx, { only: CLEAN_UPS.slice(1), dryRun: false });
  expect(removed.every(({ rows }) => rows === 0)).toBe(true);
});
