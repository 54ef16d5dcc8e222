import { join } from 'node:path';
import { addDays, newestCompleteWeek } from '../../../ground/calendar/week.ts';
import { createCollection } from '../collections/create.ts';
import { claimWeek } from '../claim.ts';
import { listCollections } from '../collections/read.ts';
import { testContext } from '@amc-reports/test-support/collect/context.ts';
import type { CollectDatabase } from '@amc-reports/test-support/collect/database.ts';
import {
  clock,
  createImportFixture,
  csv,
  EMPTY_DAYS,
  header,
  row,
  type ImportFixture,
} from '@amc-reports/test-support/import/import-fixture.ts';
import type { ImportRequest } from './import.ts';

let fixture: ImportFixture;
let database: CollectDatabase;
let instance: string;
let instanceId: string;

beforeAll(async () => {
  fixture = await createImportFixture();
  ({ database } = fixture);
});
afterAll(() => fixture.close());
beforeEach(async () => {
  await fixture.newInstance();
  ({ instance, instanceId } = fixture);
});

const query = <T>(sql: string, ...values: unknown[]): Promise<T[]> => fixture.query<T>(sql, ...values);
const facts = () =>
  query<{ week: string; campaign: string; impressions: string }>(
    `SELECT week::text AS week, campaign, impressions::text AS impressions FROM fact_ads_v1 WHERE instance_id = $1 ORDER BY week, campaign`,
    instanceId,
  );
const file = (name: string, text: string): Promise<string> => fixture.file(name, text);
const load = (files: string[], overrides: Partial<ImportRequest> = {}) => fixture.load(files, { emptyDays: EMPTY_DAYS, ...overrides });

test('finds the week in the file, loads it and shows it as a complete collection that buys nothing', async () => {
  const path = await file('week.csv', csv(row('2026-03-02', 'Boots, "waterproof"\nnew', 10), row('2026-03-08', 'Socks', 5)));
  expect(await load([path])).toMatchObject({
    dataset: 'ads',
    instance,
    dryRun: false,
    weeks: [{ week: '2026-03-02', outcome: 'new', rows: 2, rowsAdded: 2, rowsChanged: 0, rowsVanished: 0, missing: [] }],
  });
  expect(await facts()).toEqual([
    { week: '2026-03-02', campaign: 'Boots, "waterproof"\nnew', impressions: '10' },
    { week: '2026-03-02', campaign: 'Socks', impressions: '5' },
  ]);
  const [collection] = await listCollections(testContext(database, { instanceIds: [instanceId] }));
  expect(collection).toMatchObject({ name: 'Imported files', state: 'complete', weeks: { done: 1 }, rows: 2 });
  expect(await query(`SELECT execution_id, state FROM week_runs WHERE instance_id = $1`, instanceId)).toEqual([
    { execution_id: null, state: 'done' },
  ]);
  expect(await query('SELECT person FROM audit_log WHERE subject = $1', `instance ${instance}`)).toEqual([{ person: 'ada' }]);
});

test('splits a file of several weeks, joins several files of one week, and gives a collection to each stretch', async () => {
  const several = await file(
    'several.csv',
    csv(row('2026-01-05', 'A', 1), row('2026-01-12', 'B\\', 2), row('2026-02-02', '"C", ü', 3), row('2026-01-18', 'D', 4)),
  );
  const more = await file('more.csv', csv(row('2026-01-06', 'E', 5)));
  const result = await load([several, more]);
  expect(result.weeks.map(({ week, rows }) => [week, rows])).toEqual([
    ['2026-01-05', 2],
    ['2026-01-12', 2],
    ['2026-02-02', 1],
  ]);
  expect((await facts()).map((fact) => fact.campaign)).toEqual(['A', 'E', 'B\\', 'D', '"C", ü']);
  const collections = await listCollections(testContext(database, { instanceIds: [instanceId] }));
  expect(collections.map(({ firstWeek, lastWeek }) => [firstWeek, lastWeek]).sort()).toEqual([
    ['2026-01-05', '2026-01-12'],
    ['2026-02-02', '2026-02-02'],
  ]);
});

test('a dry run tells what would change and changes nothing', async () => {
  const path = await file('a.csv', csv(row('2026-03-02', 'A', 1), row('2026-03-03', 'B', 2), row('2026-03-04', 'C', 3)));
  const preview = await load([path], { dryRun: true });
  expect(preview).toMatchObject({ dryRun: true, weeks: [{ rows: 3, rowsAdded: 3, outcome: 'new' }] });
  expect(await facts()).toEqual([]);
  expect(await query('SELECT FROM week_runs WHERE instance_id = $1', instanceId)).toEqual([]);
  expect(await query('SELECT FROM report_data_collections WHERE instance_id = $1', instanceId)).toEqual([]);
  await load([path]);
  const restated = await file('b.csv', csv(row('2026-03-02', 'A', 1), row('2026-03-03', 'B', 9), row('2026-03-05', 'D', 4)));
  expect((await load([restated], { dryRun: true })).weeks).toMatchObject([
    { week: '2026-03-02', outcome: 'restated', rows: 3, rowsAdded: 1, rowsChanged: 1, rowsVanished: 1 },
  ]);
  expect((await facts()).map((fact) => fact.impressions)).toEqual(['1', '2', '3']);
  expect((await load([path])).weeks).toMatchObject([{ outcome: 'unchanged', rowsAdded: 0 }]);
});

test('all weeks or none: one bad row in the last file leaves everything as it was', async () => {
  const good = await file('good.csv', csv(row('2026-03-02', 'A', 1)));
  const bad = await file('bad.csv', csv(row('2026-02-23', 'A', 1).replace(',false,1,', ',false,many,')));
  await expect(load([good, bad])).rejects.toMatchObject({ code: 'result_value', message: expect.stringContaining('bad.csv') });
  expect(await facts()).toEqual([]);
});

test.each([
  ['a wrong header', csv(row('2026-03-02', 'A', 1)).replace('campaign_id', 'id'), {}, 'result_header'],
  ['a file cut in the middle', csv(row('2026-03-02', 'A', 1)).slice(0, -20), {}, 'result_truncated'],
  ['an empty file', '', {}, 'result_truncated'],
  ['a day that is none', csv(row('02.03.2026', 'A', 1)), {}, 'result_value'],
  ['a day that does not exist', csv(row('2026-02-30', 'A', 1)), {}, 'result_value'],
  ['a header without rows', csv(), {}, 'invalid_request'],
  ['days of another week than the one named', csv(row('2026-03-02', 'A', 1)), { week: '2026-02-23' }, 'invalid_request'],
  ['a week that is no Monday', csv(row('2026-03-02', 'A', 1)), { week: '2026-03-03' }, 'invalid_request'],
  ['hidden days in a file of two weeks', csv(row('2026-03-02', 'A', 1), row('2026-02-23', 'A', 1), row('', 'B', 1)), {}, 'invalid_request'],
  [
    'a week that is not complete',
    csv(row(addDays(newestCompleteWeek(clock(), 'America/Los_Angeles'), 7), 'A', 1)),
    {},
    'week_out_of_range',
  ],
  ['the same row twice', csv(row('2026-03-02', 'A', 1), row('2026-03-02', 'A', 1)), {}, 'result_duplicate_keys'],
  ['a row with a column too few', csv(row('2026-03-02', 'A', 1).slice(0, -1)), {}, 'result_value'],
  ['an unknown dataset', csv(row('2026-03-02', 'A', 1)), { dataset: 'nothing' }, 'unknown_dataset'],
  ['an unknown instance', csv(row('2026-03-02', 'A', 1)), { instance: 'nowhere' }, 'not_found'],
])('refuses %s and loads nothing', async (_what, text, overrides, code) => {
  const path = await file('input.csv', text);
  await expect(load([path], overrides)).rejects.toMatchObject({ code });
  expect(await facts()).toEqual([]);
});

test('a path that cannot be read is named', async () => {
  await expect(load([join(fixture.folder, 'missing.csv')])).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining('missing.csv'),
  });
  await expect(load([])).rejects.toMatchObject({ code: 'invalid_request' });
});

test('rows whose day Amazon hid belong to the file’s only week', async () => {
  const path = await file('hidden.csv', csv(row('2026-03-02', 'A', 1), row('', 'B', 7).replace('false', 'true')));
  expect((await load([path])).weeks).toMatchObject([{ week: '2026-03-02', rows: 2 }]);
});

test('a planned week is finished by the import and not bought; one under way is not overtaken', async () => {
  const { id } = await createCollection(testContext(database, { clock }), {
    instance,
    dataset: 'ads',
    firstWeek: '2026-02-23',
    lastWeek: '2026-03-02',
  });
  await query('UPDATE report_data_collections SET validated_at = now() WHERE id = $1', id);
  const path = await file('planned.csv', csv(row('2026-03-02', 'A', 1)));
  await load([path]);
  expect(await query(`SELECT week::text AS week, state FROM week_runs WHERE collection_id = $1 ORDER BY week`, id)).toEqual([
    { week: '2026-02-23', state: 'planned' },
    { week: '2026-03-02', state: 'done' },
  ]);
  expect(await claimWeek(database.store, { owner: 'test', leaseMs: 30_000 })).toMatchObject({ week: '2026-02-23' });
  const underWay = await file('way.csv', csv(row('2026-02-23', 'A', 1)));
  await expect(load([underWay])).rejects.toMatchObject({ code: 'conflict', status: 409 });
});

test('a dataset without days needs the week to be named', async () => {
  const dataset = database.catalogue.findDataset('reach_frequency');
  const path = await file('reach.csv', `${dataset.columns.map((column) => column.name).join(',')}\n`);
  await expect(load([path], { dataset: 'reach_frequency' })).rejects.toMatchObject({
    code: 'invalid_request',
    message: expect.stringContaining('--week'),
  });
  expect((await load([path], { dataset: 'reach_frequency', week: '2026-03-02' })).weeks).toMatchObject([{ week: '2026-03-02', rows: 0 }]);
});

test('what quality rules object to is imported only when a person overrules them, with a note of the week', async () => {
  const path = await file('odd.csv', csv(row('2026-03-02', 'Boots', -5)));
  await expect(load([path])).rejects.toMatchObject({ code: 'result_value', message: expect.stringContaining('Numbers below 0') });
  expect(await facts()).toEqual([]);
  await load([path], { overrule: true });
  expect(await facts()).toHaveLength(1);
  expect(await query('SELECT notes FROM week_runs WHERE instance_id = $1', instanceId)).toEqual([
    { notes: [expect.objectContaining({ rule: 'negative_values' }), expect.objectContaining({ rule: 'partial_week' })] },
  ]);
});

test('columns that the dataset does not know come along, also when a file of several weeks is split', async () => {
  const rows = [row('2026-03-02', 'Boots', 10), row('2026-02-23', 'Socks', 5)].map((line, index) => `${line},"note, ${index}"`);
  await load([await file('more.csv', `${header},Remark\n${rows.join('\n')}\n`)]);
  expect(await query('SELECT campaign, extra FROM fact_ads_v1 WHERE instance_id = $1 ORDER BY campaign', instanceId)).toEqual([
    { campaign: 'Boots', extra: { Remark: 'note, 0' } },
    { campaign: 'Socks', extra: { Remark: 'note, 1' } },
  ]);
});
