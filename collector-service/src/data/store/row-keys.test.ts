import { campaignFile, createMergeFixture, type MergeFixture, type TestInstance } from '@amc-reports/test-support/store/merge-fixture.ts';
import { tableGrains } from '../catalogue/rollup-grains.ts';
import { createDatasetTables } from './dataset-tables.ts';

const WEEK = '2026-01-05';
const FACT = 'fact_campaign_performance_v1';
const FILE = campaignFile([
  { campaign_id: '1', clicks: '1' },
  { campaign_id: '2', clicks: '2', event_date: '2026-01-07', sales: '1.50' },
  { campaign_id: '', campaign: '', advertiser: '', event_date: '', filtered: 'true' },
  { campaign_id: '', campaign: '' },
]);

let fixture: MergeFixture;
let instance: TestInstance;

beforeAll(async () => {
  fixture = await createMergeFixture();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  instance = await fixture.newInstance();
});

const query = async <T extends object>(sql: string, ...values: unknown[]): Promise<T[]> =>
  (await fixture.store.pool.query<T>(sql, values)).rows;

/** What the collector does when it starts. */
async function startAgain(): Promise<void> {
  const db = await fixture.store.pool.connect();
  try {
    await createDatasetTables(db, [fixture.campaigns]);
  } finally {
    db.release();
  }
}

const everything = async (): Promise<unknown> => ({
  facts: await query(`SELECT * FROM ${FACT} ORDER BY instance_id, week, row_key`),
  rollups: await query(`SELECT * FROM rollup_campaign_performance_v1_campaign_month ORDER BY instance_id, bucket, week, group_key`),
  weeks: await query('SELECT instance_id, week, row_count, rows_checksum FROM report_data_weeks ORDER BY instance_id, week'),
});

test('tables whose keys were 128-bit hashes get the keys and checksums that a merge would give them today', async () => {
  await instance.merge(WEEK, FILE);
  await instance.merge('2026-01-12', campaignFile([]));
  const before = await everything();
  await query(`ALTER TABLE ${FACT} ALTER COLUMN row_key TYPE uuid USING md5(ctid::text)::uuid`);
  for (const rollup of fixture.campaigns.rollups)
    for (const grain of tableGrains(fixture.campaigns, rollup))
      await query(
        `ALTER TABLE rollup_campaign_performance_v1_${rollup.name}_${grain} ALTER COLUMN group_key TYPE uuid USING md5(ctid::text)::uuid`,
      );
  await query(`COMMENT ON COLUMN ${FACT}.row_key IS NULL`);
  await query(`UPDATE report_data_weeks SET rows_checksum = '1' WHERE instance_id = $1`, instance.id);

  await startAgain();

  expect(await everything()).toEqual(before);
});

test('after a move to a database that hashes otherwise the same result changes no row', async () => {
  await instance.merge(WEEK, FILE);
  await query(`UPDATE ${FACT} SET row_key = row_key + 1`);
  await query(`COMMENT ON COLUMN ${FACT}.row_key IS 'hash 1'`);

  await startAgain();

  const reordered = FILE.split('\n').slice(1, -1).reverse();
  const again = await instance.merge(WEEK, `${FILE.split('\n')[0]}\n${reordered.join('\n')}\n`);
  expect(again).toMatchObject({ changed: false, rowsAdded: 0, rowsChanged: 0, rowsVanished: 0 });
});

test('keys stay as they are when the database hashes as it did', async () => {
  await instance.merge(WEEK, FILE);
  const file = async (): Promise<unknown> => query(`SELECT pg_relation_filenode('${FACT}'::regclass) AS node`);
  const before = await file();
  await startAgain();
  expect(await file()).toEqual(before);
});
