import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@amc-reports/test-support/collect/bench.ts';
import { createUpkeepWorld, type UpkeepWorld } from '@amc-reports/test-support/upkeep/world.ts';
import { keepSpoolClean } from './keep-spool-clean.ts';

let world: UpkeepWorld;
beforeAll(async () => {
  world = await createUpkeepWorld();
});
afterAll(() => world.close());

test('each process cleans the spool folder of its machine when it starts, touches nothing else, and ends when told', async () => {
  const left = join(world.deps.spoolDirectory, 'run-1-1');
  await mkdir(left, { recursive: true });
  await world.newInstance();
  await world.query(
    `INSERT INTO result_files (instance_id, run_id, part, chunk, packed) SELECT id, 987654321, 0, 0, '\\x01' FROM instances`,
  );
  const before = await world.counts();
  const stop = new AbortController();
  const running = keepSpoolClean(world.deps, stop.signal);
  await eventually(async () => !existsSync(left));
  await eventually(async () => (await world.query('SELECT FROM audit_log')).length === 1);
  stop.abort();
  await running;
  expect(await world.counts()).toEqual({ ...before, audit_log: 1 });
});
