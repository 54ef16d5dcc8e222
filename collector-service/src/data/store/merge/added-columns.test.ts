import {
  campaignFile,
  campaignHeader,
  createMergeFixture,
  type FileRow,
  type MergeFixture,
  type TestInstance,
} from '@amc-reports/test-support/store/merge-fixture.ts';
import { migrate } from '../migrate.ts';

const WEEK = '2026-01-05';
let fixture: MergeFixture;
let instance: TestInstance;

beforeAll(async () => {
  fixture = await createMergeFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  instance = await fixture.newInstance();
});

/** A file with more columns at its end than the dataset knows; each row gives their values. */
const fileWith = (columns: string[], ...rows: [FileRow, ...string[]][]): string => {
  const known = campaignFile(rows.map(([row]) => row))
    .split('\n')
    .slice(1, -1);
  return `${[campaignHeader, ...columns].join(',')}\n${known.map((line, index) => `${[line, ...rows[index]!.slice(1)].join(',')}\n`).join('')}`;
};

const stored = async (): Promise<{ campaign: string; extra: unknown }[]> =>
  (
    await fixture.store.pool.query<{ campaign: string; extra: unknown }>(
      'SELECT campaign, extra FROM fact_campaign_performance_v1 WHERE instance_id = $1 ORDER BY campaign',
      [instance.id],
    )
  ).rows;

test('added columns are kept by name beside the row, as text, and reported; empty values are none', async () => {
  const file = fileWith(['Viewable Impressions', "odd ' name"], [{ campaign: 'A' }, '12', '"x, y"'], [{ campaign: 'B' }, '', '']);
  const result = await instance.merge(WEEK, file);
  expect(result.notes).toMatchObject([{ rule: 'added_columns', message: expect.stringContaining('"Viewable Impressions"') }]);
  expect(await stored()).toEqual([
    { campaign: 'A', extra: { 'Viewable Impressions': '12', "odd ' name": 'x, y' } },
    { campaign: 'B', extra: null },
  ]);
});

test('a changed added value updates its row alone, and the same values write nothing', async () => {
  const rows = (second: string): string => fileWith(['placement'], [{ campaign: 'A' }, 'top'], [{ campaign: 'B' }, second]);
  await instance.merge(WEEK, rows('rest'));
  expect(await instance.merge(WEEK, fileWith(['placement'], [{ campaign: 'B' }, 'rest'], [{ campaign: 'A' }, 'top']))).toMatchObject({
    changed: false,
    notes: [{ rule: 'added_columns' }],
  });
  expect(await instance.merge(WEEK, rows('page'))).toMatchObject({ rowsAdded: 0, rowsChanged: 1, rowsVanished: 0, dataVersion: '2' });
  expect((await stored())[1]).toEqual({ campaign: 'B', extra: { placement: 'page' } });
});

test('values swapped between two rows are noticed', async () => {
  await instance.merge(WEEK, fileWith(['placement'], [{ campaign: 'A' }, 'top'], [{ campaign: 'B' }, 'rest']));
  expect(await instance.merge(WEEK, fileWith(['placement'], [{ campaign: 'A' }, 'rest'], [{ campaign: 'B' }, 'top']))).toMatchObject({
    rowsChanged: 2,
  });
});

test('a column that comes without values, or goes, changes what it held and no row besides', async () => {
  await instance.merge(WEEK, campaignFile([{ campaign: 'A' }, { campaign: 'B' }]));
  expect(await instance.merge(WEEK, fileWith(['placement'], [{ campaign: 'A' }, ''], [{ campaign: 'B' }, '']))).toMatchObject({
    changed: false,
  });
  await instance.merge(WEEK, fileWith(['placement'], [{ campaign: 'A' }, 'top'], [{ campaign: 'B' }, '']));
  expect(await instance.merge(WEEK, campaignFile([{ campaign: 'A' }, { campaign: 'B' }]))).toMatchObject({ rowsChanged: 1 });
  expect(await stored()).toEqual([
    { campaign: 'A', extra: null },
    { campaign: 'B', extra: null },
  ]);
});

test('parts of one result may differ in what they add, and in its place', async () => {
  const result = await instance.merge(
    WEEK,
    fileWith(['one', 'two'], [{ campaign: 'A' }, '1', '2']),
    fileWith(['two'], [{ campaign: 'B' }, '3']),
    campaignFile([{ campaign: 'C' }]),
  );
  expect(result.notes).toMatchObject([{ details: { columns: ['one', 'two'] } }]);
  expect((await stored()).map(({ extra }) => extra)).toEqual([{ one: '1', two: '2' }, { two: '3' }, null]);
});

test('rows that differ in an added value only are two rows for one key, which nobody can tell apart', async () => {
  await expect(
    instance.attempt(WEEK, fileWith(['placement'], [{ campaign: 'A' }, 'top'], [{ campaign: 'A' }, 'rest'])),
  ).resolves.toMatchObject({ acceptable: false, objections: [{ rule: 'duplicate_keys' }] });
});

test.each([
  ['hold', { objections: [{ rule: 'added_columns' }], acceptable: true }],
  ['off', { changed: true, notes: [] }],
] as const)('a dataset that says %s about added columns gets that', async (severity, outcome) => {
  const { quality } = fixture.campaigns;
  const dataset = { ...fixture.campaigns, quality: { ...quality, added_columns: { severity } } };
  expect(await instance.attempt(WEEK, fileWith(['placement'], [{}, 'top']), { dataset })).toMatchObject(outcome);
});

test('fact tables made before there was such a column get it when the collector is upgraded', async () => {
  const { store, campaigns, reach } = fixture;
  await store.pool.query('ALTER TABLE fact_reach_frequency_v1 DROP COLUMN extra');
  await migrate(store, { datasets: [campaigns, reach] });
  const { rows } = await store.pool.query(
    `SELECT data_type FROM information_schema.columns WHERE table_name = 'fact_reach_frequency_v1' AND column_name = 'extra'`,
  );
  expect(rows).toEqual([{ data_type: 'jsonb' }]);
});
