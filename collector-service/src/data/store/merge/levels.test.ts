import { levelFile } from '@amc-reports/test-support/store/level-file.ts';
import { createMergeFixture, type FileRow, type MergeFixture, type TestInstance } from '@amc-reports/test-support/store/merge-fixture.ts';
import type { Dataset } from '../../catalogue/dataset.ts';
import { levelFor, levelsOf } from '../../catalogue/levels.ts';
import { loadDatasets, SHIPPED_DATASETS } from '../../catalogue/load.ts';
import { tableGrains } from '../../catalogue/rollup-grains.ts';
import { rollupTable, storedName } from '../../catalogue/tables.ts';
import { mergeOrRefuse } from './merge-week.ts';

let fixture: MergeFixture;
let dataset: Dataset;
let instance: TestInstance;
beforeAll(async () => {
  fixture = await createMergeFixture();
  dataset = (await loadDatasets([SHIPPED_DATASETS])).find((each) => each.dataset === 'campaign_performance')!;
});
beforeEach(async () => {
  instance = await fixture.newInstance();
  await query('UPDATE report_data_collections SET dataset_version = 2 WHERE instance_id = $1', instance.id);
});
afterAll(() => fixture.close());

const query = async (text: string, ...values: unknown[]) => (await fixture.store.pool.query(text, values)).rows as Record<string, string>[];
const merge = async (week: string, rows: FileRow[], more: { overrule?: boolean } = {}) => {
  const input = await instance.input(week, [await fixture.part(levelFile(dataset, rows))], { dataset, ...more });
  return fixture.store.transaction((tx) => mergeOrRefuse(tx, input));
};
/** In the middle of a month; from January into February; from February into March. */
const INSIDE = '2026-01-12';
const SPLIT = '2026-01-26';
const row = (day: string, campaign_id: string, more: FileRow = {}): FileRow => ({
  event_date: day,
  campaign_id,
  campaign: `Campaign ${campaign_id}`,
  purchases: '3',
  sales: '40.5',
  ...more,
});
const hidden = (more: FileRow): FileRow => ({
  advertiser: '',
  ad_product: '',
  campaign_id: '',
  campaign: '',
  event_date: '',
  filtered: 'true',
  ...more,
});

/** Each roll-up against the fact rows of the level that answers it, added up another way. */
async function expectRollUps(): Promise<void> {
  const numbers = dataset.columns.filter(({ role }) => role === 'measure').map(storedName);
  for (const rollup of dataset.rollups)
    for (const grain of tableGrains(dataset, rollup)) {
      const level = levelFor(dataset, rollup.dimensions, grain === 'week' ? 'week' : 'day')!;
      const bucket = { day: 'event_date', week: 'week', month: `date_trunc('month', coalesce(event_date, week)::timestamp)::date` }[grain];
      const where = { day: 'event_date IS NOT NULL', week: 'true', month: `extract(month FROM week) <> extract(month FROM week + 6)` }[
        grain
      ];
      const columns = ['week', ...rollup.dimensions, 'currency', 'filtered'];
      const expected = `SELECT ${columns.join(', ')}, ${bucket} AS bucket, ${numbers.map((name) => `coalesce(sum(${name}), 0) AS ${name}`).join(', ')}
        FROM fact_campaign_performance_v2 WHERE instance_id = $1 AND level = '${level.name}' AND ${where} GROUP BY ${columns.join(', ')}, ${bucket}`;
      const stored = `SELECT ${columns.join(', ')}, bucket, ${numbers.join(', ')} FROM ${rollupTable(dataset, rollup, grain)} WHERE instance_id = $1`;
      const difference = await query(`(${expected} EXCEPT ${stored}) UNION ALL (${stored} EXCEPT ${expected})`, instance.id);
      expect([rollup.name, grain, difference]).toEqual([rollup.name, grain, []]);
    }
}

test('roll-ups are made of the level that would answer them, also when the week is restated', async () => {
  await merge(INSIDE, [row(INSIDE, '1'), row('2026-01-15', '1'), row(INSIDE, '2', { currency: 'EUR' })]);
  await merge(SPLIT, [row(SPLIT, '1'), row('2026-01-31', '1'), row('2026-02-01', '2', { currency: 'EUR' })]);
  await expectRollUps();
  const restated = [
    row('2026-01-27', '1', { impressions: '900' }),
    row('2026-02-01', '1'),
    row('2026-02-01', '3', { currency: 'EUR' }),
    hidden({ sales: '7' }),
  ];
  expect(await merge(SPLIT, restated, { overrule: true })).toMatchObject({ changed: true });
  await expectRollUps();
  const months = await query(
    `SELECT bucket::text, sum(sales)::text AS sales FROM rollup_campaign_performance_v2_campaign_month WHERE instance_id = $1 GROUP BY 1 ORDER BY 1`,
    instance.id,
  );
  expect(months).toEqual([
    { bucket: '2026-01-01', sales: '47.5' },
    { bucket: '2026-02-01', sales: '81.0' },
  ]);
});

test('totals of a week are those of one level, and of every level', async () => {
  await merge(INSIDE, [row(INSIDE, '1'), row('2026-01-14', '2', { currency: 'EUR' }), hidden({ sales: '9.5', purchases: '1' })]);
  const [revision] = await query('SELECT totals_after FROM week_revisions WHERE instance_id = $1', instance.id);
  expect(revision!.totals_after).toMatchObject({ sales: { EUR: '40.5', USD: '50' }, purchases: '7', clicks: '30' });
  const levels = await query(
    `SELECT level, currency, sum(sales)::text AS sales, sum(clicks)::text AS clicks FROM fact_campaign_performance_v2 WHERE instance_id = $1 GROUP BY 1, 2`,
    instance.id,
  );
  expect(levels).toHaveLength(2 * levelsOf(dataset).length);
  for (const { currency, sales } of levels) expect([currency, Number(sales)]).toEqual([currency, currency === 'EUR' ? 40.5 : 50]);
});

test('numbers that contradict each other are seen although each family has rows of its own', async () => {
  const outcome = await merge(INSIDE, [row(INSIDE, '1', { impressions: '10', clicks: '100' })]);
  expect(outcome).toMatchObject({
    objections: [{ rule: 'impossible_values', message: 'There are more clicks (100) than impressions (10).' }],
  });
});

test('the same rows again change nothing', async () => {
  const rows = [row(SPLIT, '1'), row('2026-02-01', '2')];
  await merge(SPLIT, rows);
  expect(await merge(SPLIT, [...rows].reverse())).toMatchObject({ changed: false, rowsAdded: 0, rowsChanged: 0 });
});
