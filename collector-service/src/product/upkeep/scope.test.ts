import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KEEP } from '@amc-reports/test-support/upkeep/context.ts';
import { shop, shopFile, shopTwo } from '@amc-reports/test-support/upkeep/shop.ts';
import { createUpkeepWorld, type TestInstance, type UpkeepWorld } from '@amc-reports/test-support/upkeep/world.ts';
import { importFiles } from '../../engine/collect/import/import.ts';
import { cleanUp, type CleanUpName } from './clean-up.ts';
import type { UpkeepContext } from './context.ts';
import { exportFiles } from './export-files.ts';
import { rebuild } from './rebuild.ts';
import { readStorage } from './storage.ts';
import { upgradeDataset } from './upgrade/upgrade.ts';

let world: UpkeepWorld;
let mine: TestInstance;
let other: TestInstance;
/** Sees one of the workspace's two instances. */
let bounded: UpkeepContext;

beforeEach(async () => {
  world = await createUpkeepWorld([shop(), shopTwo()]);
  mine = await world.newInstance();
  other = await world.newInstance();
  for (const instance of [mine, other]) await instance.load('shop', shopFile('2026-01-05'), undefined, 1);
  const scope = { workspaceId: world.workspaceId, instanceIds: [mine.id] };
  bounded = world.context({ scope, retention: { ...KEEP, auditDays: 30 } });
});
afterEach(() => world.close());

test('all weeks are those of the scope, whatever was looked at before', async () => {
  const looked = async (ctx: UpkeepContext, resumeWithinHours?: number) =>
    (await rebuild(ctx, { verify: true, resumeWithinHours })).map(({ week, outcome }) => [week.instance, outcome]);
  expect(await looked(bounded)).toEqual([[mine.amc, 'same']]);
  expect(await world.query('SELECT instance_id::text AS id FROM week_checks')).toEqual([{ id: mine.id }]);
  expect((await looked(world.context(), 24)).sort()).toEqual([
    [mine.amc, 'skipped'],
    [other.amc, 'same'],
  ]);
  expect(await looked(bounded, 24)).toEqual([[mine.amc, 'skipped']]);
});

test('an upgrade of every instance leaves those outside the scope as they are', async () => {
  const request = { dataset: 'shop', to: 2, instances: [], trustFiles: false, collectMissing: false, dryRun: false };
  expect((await upgradeDataset(bounded, request)).map(({ instance }) => instance)).toEqual([mine.amc]);
  expect(
    await world.query('SELECT instance_id::text AS id, dataset_version AS version FROM report_data_collections ORDER BY instance_id'),
  ).toEqual([
    { id: mine.id, version: 2 },
    { id: other.id, version: 1 },
  ]);
});

test('an instance outside the scope is not found, by whatever it is asked for', async () => {
  const before = await world.counts();
  const file = join(world.folder, 'another.csv');
  await writeFile(file, shopFile('2026-01-12'));
  const instance = other.amc;
  const notFound = { code: 'not_found' };
  await expect(importFiles(bounded, { instance, dataset: 'shop', files: [file], dryRun: false })).rejects.toMatchObject(notFound);
  await expect(exportFiles(bounded, { instance, dataset: 'shop', to: world.folder })).rejects.toMatchObject(notFound);
  await expect(rebuild(bounded, { instance, verify: false })).rejects.toMatchObject(notFound);
  const request = { dataset: 'shop', to: 2, instances: [instance], trustFiles: false, collectMissing: false, dryRun: false };
  await expect(upgradeDataset(bounded, request)).rejects.toMatchObject(notFound);
  expect(await world.counts()).toEqual(before);
});

test('what is stored is told of the scope alone', async () => {
  const lines = async (ctx: UpkeepContext) => (await readStorage(ctx, { by: 'week' })).lines.map(({ instance, rows }) => [instance, rows]);
  expect(await lines(world.context())).toEqual([
    [mine.amc, 3],
    [other.amc, 3],
  ]);
  expect(await lines(bounded)).toEqual([[mine.amc, 3]]);
});

test('a clean-up takes what is of the scope’s instances; what is of the workspace only who sees all of it', async () => {
  await world.query(
    `INSERT INTO result_files (instance_id, run_id, part, chunk, packed) SELECT id, 987654321, 0, 0, '\\x01' FROM instances`,
  );
  await world.query(`UPDATE week_runs SET finished_at = now() - interval '500 days'`);
  // So that the old runs are neither the newest of their weeks nor served.
  await world.query(`INSERT INTO week_runs (collection_id, instance_id, week) SELECT collection_id, instance_id, week FROM week_runs`);
  await world.query('DELETE FROM week_revisions');
  await world.query('UPDATE report_data_weeks SET accepted_run_id = NULL');
  await world.query('DELETE FROM outbox');
  await world.query(
    `INSERT INTO outbox (workspace_id, instance_ids, kind, subject, created_at)
     SELECT $1, ids::bigint[], 'week_changed', '1/2026-01-05', now() - interval '73 hours' FROM unnest($2::text[]) AS ids`,
    world.workspaceId,
    [`{${mine.id}}`, `{${mine.id},${other.id}}`, '{}'],
  );
  await world.query(`UPDATE audit_log SET created_at = now() - interval '40 days'`);
  await world.query(
    `WITH s AS (INSERT INTO schedules (workspace_id, name, cron, time_zone, last_month, next_at, created_by)
                VALUES ($1, 'weekly', '0 6 * * 2', 'UTC', '2026-01', now(), 't') RETURNING id)
     INSERT INTO schedule_ticks (schedule_id, kind, due_at, ticked_at, asked_by)
     SELECT id, 'scheduled', at, at, 't' FROM s, unnest(ARRAY[now() - interval '600 days', now() - interval '500 days']) AS at`,
    world.workspaceId,
  );
  const only: CleanUpName[] = ['orphan-files', 'runs', 'schedule-history', 'events', 'audit'];
  const gone = async (ctx: UpkeepContext) => (await cleanUp(ctx, { only, dryRun: true })).map(({ what, rows }) => [what, rows]);
  expect(await gone(bounded)).toEqual([
    ['orphan-files', 2],
    ['runs', 1],
    ['schedule-history', 0],
    ['events', 1],
    ['audit', 0],
  ]);
  const audited = (await world.query('SELECT FROM audit_log')).length;
  expect(await gone({ ...bounded, scope: { workspaceId: world.workspaceId, instanceIds: null } })).toEqual([
    ['orphan-files', 4],
    ['runs', 2],
    ['schedule-history', 1],
    ['events', 3],
    ['audit', audited],
  ]);
  expect(audited).toBeGreaterThan(0);
});
