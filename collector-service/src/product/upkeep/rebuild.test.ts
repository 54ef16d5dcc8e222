import { readdir } from 'node:fs/promises';
import { campaignFile } from '@amc-reports/test-support/store/merge-fixture.ts';
import { rebuild, type RebuildRequest } from './rebuild.ts';
import { dataTables } from './shadow.ts';
import { createUpkeepWorld, type TestInstance, type UpkeepWorld } from '@amc-reports/test-support/upkeep/world.ts';

let world: UpkeepWorld;
let instance: TestInstance;
let tables: string[];

beforeAll(async () => {
  world = await createUpkeepWorld();
  tables = dataTables(world.catalogue.findDataset('campaign_performance'));
});
afterAll(() => world.close());
beforeEach(async () => {
  instance = await world.newInstance();
});

const FACTS = 'fact_campaign_performance_v1';
const WEEK = '2026-01-05';
const file = (factor: number, from = 1) =>
  campaignFile(
    Array.from({ length: 40 }, (_, index) => ({
      campaign_id: String(from + index),
      campaign: `"Spring, ""${index}"""`,
      event_date: `2026-01-${String(5 + (index % 7)).padStart(2, '0')}`,
      currency: index % 3 === 0 ? 'EUR' : 'USD',
      filtered: String(index % 5 === 0),
      impressions: String(100 * factor + index),
      spend_microcents: String(123_456_789 * factor + index),
    })),
  );
const run = (more: Partial<RebuildRequest> = {}) => rebuild(world.context(), { instance: instance.amc, verify: false, ...more });
const served = async () =>
  (
    await world.query<{ week: string; version: string; rows: string; collected: string }>(
      `SELECT week::text, data_version::text AS version, row_count::text AS rows, collected_at::text AS collected FROM report_data_weeks WHERE instance_id = $1 ORDER BY week`,
      instance.id,
    )
  )[0]!;

test('a week that is right is left as it is, to the byte and without a write', async () => {
  await instance.load('campaign_performance', file(1));
  await instance.load('campaign_performance', file(2));
  const before = { dump: await world.dump(...tables), week: await served() };
  const places = await world.query(`SELECT ctid::text, xmin::text FROM ${FACTS} WHERE instance_id = $1 ORDER BY 1`, instance.id);
  expect((await run()).map(({ outcome, rows, note }) => ({ outcome, rows, note }))).toEqual([{ outcome: 'same', rows: 40, note: null }]);
  expect({ dump: await world.dump(...tables), week: await served() }).toEqual(before);
  expect(await world.query(`SELECT ctid::text, xmin::text FROM ${FACTS} WHERE instance_id = $1 ORDER BY 1`, instance.id)).toEqual(places);
  expect(await readdir(world.deps.spoolDirectory)).toEqual([]);
});

test('facts and every roll-up that were lost, altered or invented come back bit-identical, under a new data version', async () => {
  await instance.load('campaign_performance', file(3));
  const [before, week] = [await world.dump(...tables), await served()];
  for (const [index, table] of tables.entries()) {
    if (index % 3 === 0) await world.query(`DELETE FROM ${table} WHERE instance_id = $1`, instance.id);
    if (index % 3 === 1) await world.query(`UPDATE ${table} SET impressions = impressions + 1 WHERE instance_id = $1`, instance.id);
    if (index % 3 === 2) await world.query(`UPDATE ${table} SET bucket = bucket + 1000 WHERE instance_id = $1`, instance.id);
  }
  expect(await world.dump(...tables)).not.toEqual(before);
  const [result] = await run();
  expect(result).toMatchObject({ outcome: 'rebuilt', note: expect.stringContaining(`${FACTS}: 40 missing`) });
  expect(await world.dump(...tables)).toEqual(before);
  expect(await served()).toEqual({ ...week, version: String(Number(week.version) + 1) });
  expect((await run())[0]!.outcome).toBe('same');
});

test('all of it, built from nothing but the stored files, is what the merges had made', async () => {
  await instance.load('campaign_performance', file(1));
  await instance.load('campaign_performance', file(2, 1).replace('sponsored_products,40,', 'sponsored_products,41,'));
  await instance.load(
    'campaign_performance',
    file(1)
      .replaceAll('2026-01-05', '2026-02-02')
      .replaceAll(/2026-01-\d\d/g, '2026-02-03'),
  );
  const before = await world.dump(...tables);
  for (const table of tables) await world.query(`DELETE FROM ${table} WHERE instance_id = $1`, instance.id);
  expect(new Set((await run()).map(({ outcome }) => outcome))).toEqual(new Set(['rebuilt']));
  expect(await world.dump(...tables)).toEqual(before);
});

test('--verify reports the difference and changes neither rows nor versions', async () => {
  await instance.load('campaign_performance', file(1));
  await world.query(`UPDATE ${tables.at(-1)!} SET clicks = clicks + 7 WHERE instance_id = $1`, instance.id);
  await world.query(`UPDATE ${FACTS} SET event_date = event_date + 1 WHERE instance_id = $1 AND campaign_id = '1'`, instance.id);
  const before = { dump: await world.dump(...tables, 'report_data_weeks', 'audit_log') };
  const [result] = await run({ verify: true });
  expect(result).toMatchObject({
    outcome: 'drift',
    note: expect.stringMatching(new RegExp(`${FACTS}: 1 changed; ${tables.at(-1)!}: \\d+ changed`)),
  });
  expect({ dump: await world.dump(...tables, 'report_data_weeks', 'audit_log') }).toEqual(before);
});

test('a record that says another count or checksum than the rows is drift too', async () => {
  await instance.load('campaign_performance', file(1));
  const before = await world.dump('report_data_weeks');
  await world.query(`UPDATE report_data_weeks SET row_count = 7, rows_checksum = '1' WHERE instance_id = $1`, instance.id);
  expect((await run())[0]).toMatchObject({ outcome: 'rebuilt', note: 'report_data_weeks: 1 changed' });
  const strip = (dump: Record<string, string[]>) => dump.report_data_weeks!.length;
  expect(strip(await world.dump('report_data_weeks'))).toBe(strip(before));
  expect(await served()).toMatchObject({ rows: '40', version: '2' });
});

test('a rebuild is in the audit log with who, which week and what differed; a look is not', async () => {
  await instance.load('campaign_performance', file(1));
  const audits = () =>
    world.query(
      `SELECT person, action, subject, details FROM audit_log WHERE action = 'week.rebuild' AND subject LIKE '%' || $1 || ',%'`,
      instance.amc,
    );
  await run();
  expect(await audits()).toEqual([]);
  await world.query(`DELETE FROM ${FACTS} WHERE instance_id = $1 AND campaign_id = '3'`, instance.id);
  await run();
  expect(await audits()).toEqual([
    {
      person: 'ada',
      action: 'week.rebuild',
      subject: `campaign_performance v1, instance ${instance.amc}, week ${WEEK}`,
      details: { drift: [{ table: FACTS, missing: 1, changed: 0, surplus: 0 }], dataVersion: '2' },
    },
  ]);
});

test('a window of four weeks, kept under its last Monday, comes back as it was', async () => {
  const reach = dataTables(world.catalogue.findDataset('reach_frequency_4_weeks'));
  const header = 'level,advertiser,ad_product,campaign_id,campaign,frequency_bucket,reach,impressions';
  await instance.load('reach_frequency_4_weeks', `${header}\nall,,,,,,900,5000\nadvertiser,Acme,,,,,400,4000\n`, '2026-01-26');
  const before = await world.dump(...reach);
  expect(Object.values(before).flat()).toHaveLength(2);
  await world.query('DELETE FROM fact_reach_frequency_4_weeks_v1 WHERE instance_id = $1', instance.id);
  expect(await run()).toMatchObject([{ week: { dataset: 'reach_frequency_4_weeks', week: '2026-01-26' }, outcome: 'rebuilt', rows: 2 }]);
  expect(await world.dump(...reach)).toEqual(before);
});
