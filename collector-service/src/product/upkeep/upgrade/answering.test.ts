import { metricQuerySchema, queryRequestSchema, type MetricQueryInput } from '../../../contract/query.ts';
import { CollectorError } from '../../../contract/error.ts';
import { ask, createQueryCache } from '../../../engine/query/index.ts';
import { shop, shopFile, shopTwo } from '@amc-reports/test-support/upkeep/shop.ts';
import { createUpkeepWorld, type TestInstance, type UpkeepWorld } from '@amc-reports/test-support/upkeep/world.ts';
import { upgradeDataset } from './upgrade.ts';

let world: UpkeepWorld;
let instance: TestInstance;

beforeAll(async () => {
  world = await createUpkeepWorld([shop(), shopTwo()]);
});
afterAll(() => world.close());
beforeEach(async () => {
  instance = await world.newInstance();
});

const WEEKS = ['2026-01-05', '2026-01-12'] as const;
/** The sum of views over both weeks, or the error. */
const views = async (query: MetricQueryInput = {}): Promise<unknown> => {
  const scope = {
    workspaceId: world.workspaceId,
    instances: [{ id: instance.id, amcInstanceId: instance.amc, name: instance.amc, timeZone: 'America/Los_Angeles' }],
  };
  const queries = [metricQuerySchema.parse({ dataset: 'shop', metrics: ['views'], grain: 'total', format: 'table', ...query })];
  const request = queryRequestSchema.parse({ from: Date.parse('2026-01-01'), to: Date.parse('2026-02-01'), queries });
  const context = { ...world.deps, cache: createQueryCache(), scope, signal: AbortSignal.timeout(20_000) };
  const result = (await ask(context, request)).get('A')!;
  if (result instanceof CollectorError) return result.message;
  return result.kind === 'metrics' && result.rows[0]!.values.at(-1);
};
const load = (week: string, factor: number, version: number) => instance.load('shop', shopFile(week, factor), undefined, version);
const upgrade = () =>
  upgradeDataset(world.context(), {
    dataset: 'shop',
    to: 2,
    instances: [instance.amc],
    trustFiles: false,
    collectMissing: false,
    dryRun: false,
  });

test('the old version answers until the new one has every week of it, and both can be asked for by number', async () => {
  await load(WEEKS[0], 1, 1);
  await load(WEEKS[1], 1, 1);
  expect(await views()).toBe(606);
  expect(await views({ metrics: ['clicks'] })).toBe(6);
  // Collected beside it, week by week: other numbers, so that it shows which one answers.
  await load(WEEKS[0], 2, 2);
  expect(await views()).toBe(606);
  expect(await views({ datasetVersion: 2 })).toBe(603);
  await load(WEEKS[1], 2, 2);
  expect(await views()).toBe(1206);
  expect(await views({ datasetVersion: 1 })).toBe(606);
  expect(await views({ metrics: ['clicks'] })).toContain("no metric 'clicks'");
});

test('a week that the old version collects later takes the answer back to it; cancelling it gives it up for good', async () => {
  await load(WEEKS[0], 1, 1);
  await load(WEEKS[0], 2, 2);
  expect(await views()).toBe(603);
  await load(WEEKS[1], 1, 1);
  expect(await views()).toBe(606);
  await world.query(`UPDATE report_data_collections SET state = 'cancelled' WHERE instance_id = $1 AND dataset_version = 1`, instance.id);
  expect(await views()).toBe(603);
});

test('an upgrade switches the answer with the collections, and a week that is still being collected for the new version holds it back', async () => {
  await load(WEEKS[0], 1, 1);
  await load(WEEKS[1], 1, 1);
  await upgrade();
  expect(await views()).toBe(606);
  expect(await views({ metrics: ['clicks'] })).toContain("no metric 'clicks'");
  await world.query(
    `UPDATE report_data_weeks SET accepted_run_id = NULL WHERE instance_id = $1 AND dataset_version = 2 AND week = $2`,
    instance.id,
    WEEKS[1],
  );
  expect(await views({ metrics: ['clicks'] })).toContain("no metric 'clicks'");
  await world.query(
    `INSERT INTO week_runs (collection_id, instance_id, week) SELECT id, instance_id, first_week FROM report_data_collections WHERE instance_id = $1 AND first_week = $2`,
    instance.id,
    WEEKS[1],
  );
  expect(await views({ metrics: ['clicks'] })).toBe(6);
});
