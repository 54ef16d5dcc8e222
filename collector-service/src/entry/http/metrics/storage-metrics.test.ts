import { Registry } from 'prom-client';
import { createWorld, type World } from '@amc-reports/test-support/http/world.ts';
import { registerStorageMetrics } from './storage-metrics.ts';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const sizes = async (): Promise<Map<string, number>> => {
  const registry = new Registry();
  registerStorageMetrics(registry, world.store.pool);
  const [metric] = await registry.getMetricsAsJSON();
  return new Map(metric!.values.map(({ labels, value }) => [Object.values(labels).join(' ').trim(), value]));
};

test('tables are told by kind, dataset and version, and grow with what is stored', async () => {
  const before = await sizes();
  expect([...before.keys()]).toEqual(expect.arrayContaining(['facts campaign_performance 1', 'rollups campaign_performance 1', 'files']));
  await world.store.pool.query(
    `INSERT INTO result_files (instance_id, run_id, part, chunk, packed) SELECT 1, n, 0, 0, decode(repeat('ab', 100000), 'hex') FROM generate_series(1, 5) AS n`,
  );
  expect((await sizes()).get('files')! - before.get('files')!).toBeGreaterThan(400_000);
});

test('they are served beside the others, and gone when the tables cannot be read', async () => {
  expect(await (await world.request('/metrics')).text()).toContain('amc_reports_storage_bytes{kind="files"');
  await world.store.pool.query('ALTER TABLE report_data_aggregates RENAME TO away');
  expect((await sizes()).size).toBe(0);
  await world.store.pool.query('ALTER TABLE away RENAME TO report_data_aggregates');
});
