import { Catalogue } from '../../data/catalogue/catalogue.ts';
import { migrate } from '../../data/store/migrate.ts';
import { dropVersion, listVersions } from './drop-version.ts';
import { shop, shopFile, shopTwo } from '@amc-reports/test-support/upkeep/shop.ts';
import { createUpkeepWorld, type UpkeepWorld } from '@amc-reports/test-support/upkeep/world.ts';
import { upgradeDataset } from './upgrade/upgrade.ts';

let world: UpkeepWorld;
beforeEach(async () => {
  world = await createUpkeepWorld([shop(), shopTwo()]);
});
afterEach(() => world.close());

const drop = (version: number, { dryRun = false, loaded = [2] } = {}) => {
  const datasets = world.catalogue.datasets.filter((each) => each.dataset !== 'shop' || loaded.includes(each.version));
  return dropVersion(world.context({ catalogue: new Catalogue(datasets) }), { dataset: 'shop', version, dryRun });
};
const upgrade = (amc: string) =>
  upgradeDataset(world.context(), {
    dataset: 'shop',
    to: 2,
    instances: [amc],
    trustFiles: false,
    collectMissing: false,
    dryRun: false,
  });
const tables = () => world.query(`SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE '%shop_v1%'`);

test('a version goes only when no collection fills it, every week is in another one and its file is gone', async () => {
  const instance = await world.newInstance();
  await instance.load('shop', shopFile('2026-01-05'), undefined, 1);
  await expect(drop(1)).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('1 live collections') });
  await world.query(`UPDATE report_data_collections SET state = 'cancelled'`);
  await expect(drop(1)).rejects.toThrow('1 of its weeks are in no other version');
  await upgrade(instance.amc);
  await expect(drop(1, { loaded: [1, 2] })).rejects.toThrow('its file is still loaded');
  await expect(drop(7)).rejects.toMatchObject({ code: 'not_found' });
  expect((await listVersions(world.context())).filter(({ dataset }) => dataset === 'shop')).toMatchObject([
    { version: 1, state: 'loaded', weeks: 1, onlyHere: 0 },
    { version: 2, state: 'loaded', weeks: 1 },
  ]);

  const before = await world.counts();
  expect(await drop(1, { dryRun: true })).toMatchObject({ state: 'unused', weeks: 1 });
  expect(await world.counts()).toEqual(before);

  const newer = await world.dump('fact_shop_v2', 'rollup_shop_v2_campaign_month');
  await drop(1);
  expect(await tables()).toEqual([]);
  expect(await world.query(`SELECT FROM report_data_weeks WHERE dataset_version = 1`)).toEqual([]);
  expect(await world.query(`SELECT DISTINCT run_id FROM result_files`)).toHaveLength(1);
  expect(await world.dump('fact_shop_v2', 'rollup_shop_v2_campaign_month')).toEqual(newer);
  expect(
    await world.query(`SELECT person, subject, details->'tables' AS tables FROM audit_log WHERE action = 'dataset.dropVersion'`),
  ).toEqual([{ person: 'ada', subject: 'shop v1', tables: ['fact_shop_v1', 'rollup_shop_v1_total_week'] }]);
});

test('a dropped version stays away at the next start without its file, and begins anew with it', async () => {
  await world.query(`UPDATE report_data_collections SET state = 'cancelled'`);
  await drop(1);
  await migrate(world.store, { datasets: world.catalogue.datasets.filter(({ dataset, version }) => dataset !== 'shop' || version === 2) });
  expect(await tables()).toEqual([]);
  await migrate(world.store, { datasets: world.catalogue.datasets });
  expect(await tables()).toHaveLength(2);
  const instance = await world.newInstance();
  await instance.load('shop', shopFile('2026-01-05'), undefined, 1);
  expect(await world.query('SELECT FROM fact_shop_v1')).toHaveLength(3);
});
