import { mergeWeek } from './merge-week.ts';
import { tableGrains } from '../../catalogue/rollup-grains.ts';
import {
  campaignFile,
  createMergeFixture,
  type FileRow,
  type MergeFixture,
  type TestInstance,
} from '@amc-reports/test-support/store/merge-fixture.ts';

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

const manyRows = (count: number, change: (index: number) => FileRow = () => ({})): FileRow[] =>
  Array.from({ length: count }, (_, index) => ({
    campaign_id: String(index),
    campaign: `Campaign ${index}`,
    event_date: `2026-01-${String(5 + (index % 7)).padStart(2, '0')}`,
    ...change(index),
  }));

const query = async <T extends object>(sql: string, ...values: unknown[]): Promise<T[]> =>
  (await fixture.store.pool.query<T>(sql, values)).rows;
const facts = <T extends object>(columns: string): Promise<T[]> =>
  query<T>(`SELECT ${columns} FROM fact_campaign_performance_v1 WHERE instance_id = $1 ORDER BY row_key`, instance.id);

/** Physical version of every row that a merge may write: a rewritten row, even with equal values, gets another one. */
async function rowVersions(): Promise<string[]> {
  const tables = await query<{ table_name: string }>(
    `SELECT table_name FROM report_data_aggregates WHERE dataset = 'campaign_performance'`,
  );
  const names = ['fact_campaign_performance_v1', 'result_files', 'week_revisions', ...tables.map((row) => row.table_name)];
  const versions = await Promise.all(
    names.map((name) =>
      query<{ at: string }>(`SELECT '${name} ' || ctid || ' ' || xmin AS at FROM ${name} WHERE instance_id = $1 ORDER BY 1`, instance.id),
    ),
  );
  return versions.flat().map((row) => row.at);
}

test('a new week is stored with exact money, 64-bit ids and the run that brought it', async () => {
  const result = await instance.merge(
    WEEK,
    campaignFile([
      { campaign_id: '9223372036854775807', spend_microcents: '9007199254740993' },
      { source: 'dsp_impressions', ad_product: 'amazon_dsp', spend_microcents: '', cost_millicents: '0.00001' },
      { source: 'conversions', spend_microcents: '', purchases: '3', sales: '99999999999999999999.0001' },
    ]),
  );
  expect(result).toMatchObject({ rowsTotal: 3, rowsAdded: 3, rowsChanged: 0, rowsVanished: 0, changed: true, dataVersion: '1' });
  const rows = await query<{ source: string; campaign_id: string; spend: string; cost: string; sales: string }>(
    `SELECT source, campaign_id, trim_scale(sponsored_ads_spend)::text AS spend, trim_scale(dsp_cost)::text AS cost, sales::text
       FROM fact_campaign_performance_v1 WHERE instance_id = $1 ORDER BY source DESC`,
    instance.id,
  );
  expect(rows).toEqual([
    { source: 'sponsored_ads', campaign_id: '9223372036854775807', spend: '90071992.54740993', cost: null, sales: null },
    { source: 'dsp_impressions', campaign_id: '1', spend: null, cost: '0.0000000001', sales: null },
    { source: 'conversions', campaign_id: '1', spend: null, cost: null, sales: '99999999999999999999.0001' },
  ]);
});

test('identical bytes write nothing and leave the week as fresh as the new run', async () => {
  const file = campaignFile(manyRows(50));
  await instance.merge(WEEK, file);
  const before = await rowVersions();
  const result = await instance.merge(WEEK, file);
  expect(result).toMatchObject({ rowsTotal: 50, rowsAdded: 0, rowsChanged: 0, rowsVanished: 0, changed: false, dataVersion: '1' });
  expect(await rowVersions()).toEqual(before);
});

test('the same rows in another order, quoted otherwise and split in two write no row', async () => {
  const rows = manyRows(60);
  await instance.merge(WEEK, campaignFile(rows));
  const before = await rowVersions();
  const shuffled = rows.toReversed().map((row) => ({ ...row, campaign: `"${row.campaign}"`, spend_microcents: '123456789' }));
  const result = await instance.merge(WEEK, campaignFile(shuffled.slice(0, 20), { lineEnd: '\r\n' }), campaignFile(shuffled.slice(20)));
  expect(result).toMatchObject({ changed: false, dataVersion: '1', rowsTotal: 60 });
  expect(await rowVersions()).toEqual(before);
});

test('values swapped between two rows are noticed, though every total stays', async () => {
  const rows = manyRows(10, (index) => ({ clicks: String(index) }));
  await instance.merge(WEEK, campaignFile(rows));
  [rows[3]!.clicks, rows[4]!.clicks] = [rows[4]!.clicks!, rows[3]!.clicks!];
  expect(await instance.merge(WEEK, campaignFile(rows))).toMatchObject({
    rowsAdded: 0,
    rowsChanged: 2,
    rowsVanished: 0,
    changed: true,
    dataVersion: '2',
  });
});

test('a restated week rewrites only the rows that differ, in the facts and in every roll-up', async () => {
  const rows = manyRows(100);
  await instance.merge(WEEK, campaignFile(rows));
  const before = await rowVersions();
  const restated = rows.map((row, index) => (index === 7 ? { ...row, clicks: '999' } : row)).filter((_, index) => index !== 50);
  const result = await instance.merge(WEEK, campaignFile([...restated, { campaign_id: 'new', campaign: 'New', event_date: '2026-01-08' }]));
  expect(result).toMatchObject({ rowsTotal: 100, rowsAdded: 1, rowsChanged: 1, rowsVanished: 1, changed: true, dataVersion: '2' });
  const kept = (table: string, versions: string[]): number =>
    versions.filter((at) => at.startsWith(`${table} `) && before.includes(at)).length;
  const after = await rowVersions();
  expect(kept('fact_campaign_performance_v1', after)).toBe(98);
  expect(kept('rollup_campaign_performance_v1_campaign_month', after)).toBe(98);
  expect(kept('rollup_campaign_performance_v1_total_day', after)).toBe(4);
  await expectRollupsToAddUp();
});

test('a restatement is remembered with its totals, by currency', async () => {
  await instance.merge(WEEK, campaignFile([{ spend_microcents: '100000000' }, { currency: 'EUR', spend_microcents: '200000000' }]));
  await instance.merge(WEEK, campaignFile([{ spend_microcents: '150000000' }, { currency: 'EUR', spend_microcents: '200000000' }]));
  const [revision, ...others] = await query<{ data_version: string; rows_changed: string; totals_before: object; totals_after: object }>(
    'SELECT data_version, rows_changed, totals_before, totals_after FROM week_revisions WHERE instance_id = $1 AND totals_before IS NOT NULL',
    instance.id,
  );
  expect(others).toEqual([]);
  expect(revision).toMatchObject({
    data_version: '2',
    rows_changed: '1',
    totals_before: { spend: { EUR: '2', USD: '1' }, impressions: '2000' },
    totals_after: { spend: { EUR: '2', USD: '1.5' }, impressions: '2000' },
  });
});

test('values Amazon hid are kept apart from values that are missing, and count in the week but in no day', async () => {
  await instance.merge(
    WEEK,
    campaignFile([
      { advertiser: '', campaign: '', campaign_id: '', event_date: '', filtered: 'true', impressions: '500' },
      { campaign: '', impressions: '30' },
      { impressions: '7' },
    ]),
  );
  expect(
    await query('SELECT campaign, filtered FROM fact_campaign_performance_v1 WHERE instance_id = $1 ORDER BY impressions', instance.id),
  ).toEqual([
    { campaign: 'Spring', filtered: false },
    { campaign: '\u0001unknown', filtered: false },
    { campaign: '\u0001suppressed', filtered: true },
  ]);
  const sumOf = async (grain: string): Promise<unknown> =>
    (
      await query(
        `SELECT sum(impressions)::int AS sum FROM rollup_campaign_performance_v1_total_${grain} WHERE instance_id = $1`,
        instance.id,
      )
    )[0];
  expect(await sumOf('day')).toEqual({ sum: 37 });
  expect(await sumOf('month')).toEqual({ sum: 537 });
});

test('a week across two months gives each month its days, and hidden days to the month of its Monday', async () => {
  const week = '2026-01-26';
  await instance.merge(
    week,
    campaignFile([
      { event_date: '2026-01-31', impressions: '100' },
      { event_date: '2026-02-01', impressions: '10' },
      { event_date: '', filtered: 'true', impressions: '1' },
    ]),
  );
  for (const rollup of ['total', 'product', 'campaign']) {
    expect(
      await query(
        `SELECT bucket::text, sum(impressions)::int AS sum FROM rollup_campaign_performance_v1_${rollup}_month WHERE instance_id = $1 GROUP BY bucket ORDER BY bucket`,
        instance.id,
      ),
    ).toEqual([
      { bucket: '2026-01-01', sum: 101 },
      { bucket: '2026-02-01', sum: 10 },
    ]);
  }
});

test('a result without rows is an empty week the first time', async () => {
  const result = await instance.merge(WEEK, campaignFile([]));
  expect(result).toMatchObject({ rowsTotal: 0, changed: true, dataVersion: '1' });
  expect(await instance.merge(WEEK, campaignFile([], { lineEnd: '\r\n' }))).toMatchObject({ changed: false, dataVersion: '1' });
  expect(await instance.merge(WEEK, campaignFile([{}]))).toMatchObject({ rowsAdded: 1, changed: true, dataVersion: '2' });
  await expectRollupsToAddUp();
});

test('merging leaves a neighbouring week and another instance alone', async () => {
  const other = await fixture.newInstance();
  await other.merge(WEEK, campaignFile(manyRows(5)));
  // A row without a day has the same key in every week.
  const dayless = { event_date: '', filtered: 'true' };
  await instance.merge('2025-12-29', campaignFile([{ event_date: '2026-01-01' }, dayless]));
  await instance.merge(WEEK, campaignFile([...manyRows(5), dayless]));
  await instance.merge(WEEK, campaignFile(manyRows(4)));
  expect(
    await query(
      'SELECT week::text, count(*)::int FROM fact_campaign_performance_v1 WHERE instance_id = $1 GROUP BY week ORDER BY week',
      instance.id,
    ),
  ).toEqual([
    { week: '2025-12-29', count: 2 },
    { week: WEEK, count: 4 },
  ]);
  expect(await query('SELECT count(*)::int FROM fact_campaign_performance_v1 WHERE instance_id = $1', other.id)).toEqual([{ count: 5 }]);
  await expectRollupsToAddUp();
});

test('stored checksum and count are those of the stored rows', async () => {
  await instance.merge(WEEK, campaignFile(manyRows(30)));
  await instance.merge(WEEK, campaignFile(manyRows(31, (index) => ({ sales: String(index / 7) }))));
  const [week] = await query<{ rows_checksum: string; row_count: string }>(
    'SELECT rows_checksum, row_count FROM report_data_weeks WHERE instance_id = $1',
    instance.id,
  );
  const numbers = fixture.campaigns.columns.filter((column) => column.role === 'measure').map((column) => column.as ?? column.name);
  const [stored] = await facts<{ checksum: string; count: string }>(
    `sum(hash_record_extended(ROW(row_key, ${numbers.join(', ')}), row_key)) OVER () AS checksum, count(*) OVER () AS count`,
  );
  expect({ rows_checksum: stored!.checksum, row_count: stored!.count }).toEqual(week);
});

test('a dataset of distinct counts is merged without being added up', async () => {
  const header = 'level,advertiser,ad_product,campaign_id,campaign,frequency_bucket,reach,impressions';
  const prepared = await instance.input(
    WEEK,
    [await fixture.part(`${header}\nall,,,,,,1000,5000\nadvertiser,Acme,,,,,900,4000\nfrequency,,,,,10+,20,300\n`)],
    {
      dataset: fixture.reach,
    },
  );
  expect(await fixture.store.transaction((tx) => mergeWeek(tx, prepared))).toMatchObject({ rowsTotal: 3, changed: true });
  expect(
    await query('SELECT level, reach::text FROM fact_reach_frequency_v1 f WHERE instance_id = $1 ORDER BY f.reach', instance.id),
  ).toEqual([
    { level: 'frequency', reach: '20' },
    { level: 'advertiser', reach: '900' },
    { level: 'all', reach: '1000' },
  ]);
});

/** Every roll-up against the facts, computed another way: in one statement from what is stored, by day and month. */
async function expectRollupsToAddUp(): Promise<void> {
  const numbers = fixture.campaigns.columns.filter((column) => column.role === 'measure').map((column) => column.as ?? column.name);
  for (const rollup of fixture.campaigns.rollups) {
    for (const grain of tableGrains(fixture.campaigns, rollup)) {
      const bucket = { day: 'day', week: 'week', month: `date_trunc('month', coalesce(day, week)::timestamp)::date` }[grain];
      const columns = ['instance_id', 'week', ...rollup.dimensions, 'currency', 'filtered'];
      const expected = `SELECT ${columns.join(', ')}, bucket, ${numbers.map((name) => `sum(coalesce(${name}, 0)) AS ${name}`).join(', ')}
        FROM (SELECT *, ${bucket} AS bucket FROM (SELECT *, event_date AS day FROM fact_campaign_performance_v1) AS f) AS b
        WHERE bucket IS NOT NULL GROUP BY ${columns.join(', ')}, bucket`;
      const stored = `SELECT ${columns.join(', ')}, bucket, ${numbers.join(', ')} FROM rollup_campaign_performance_v1_${rollup.name}_${grain}`;
      expect(await query(`(${expected} EXCEPT ${stored}) UNION ALL (${stored} EXCEPT ${expected})`)).toEqual([]);
      expect(await query(`SELECT count(*) FROM (${expected}) AS e`)).toEqual(await query(`SELECT count(*) FROM (${stored}) AS s`));
    }
  }
}
