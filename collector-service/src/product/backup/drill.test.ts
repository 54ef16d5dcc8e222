import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCollection } from '../../engine/collect/collections/create.ts';
import { migrate } from '../../data/store/migrate.ts';
import { openStore } from '../../data/store/store.ts';
import { startForeignServer, type ForeignServer } from '@amc-reports/test-support/backup/foreign-server.ts';
import { backupContext } from '@amc-reports/test-support/backup/context.ts';
import {
  benchOver,
  createTestBench,
  eventually,
  SETTLED_HISTORY_DAYS,
  settledWeek,
  type TestBench,
} from '@amc-reports/test-support/collect/bench.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';
import { spawnWorker, type WorkerProcess } from '@amc-reports/test-support/crash/spawn-worker.ts';
import { backup } from './backup.ts';
import { checkBackup } from './check.ts';
import type { Manifest } from './manifest.ts';
import { restore } from './restore.ts';

/** Weeks that are done when the back-up is taken, and all. */
const DONE = 2;
const WEEKS = 6;
let sandbox: TestSandbox;
let elsewhere: ForeignServer;
let folder: string;
let undisturbed: unknown[];
let worker: WorkerProcess | undefined;

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: SETTLED_HISTORY_DAYS });
  elsewhere = await startForeignServer();
  const bench = await createTestBench(sandbox);
  const { id } = await bench.collect(WEEKS);
  await bench.work(complete(bench, id));
  undisturbed = await bench.totals();
  await bench.drop();
});
afterAll(async () => {
  await sandbox.close();
  await elsewhere.destroy();
});
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'drill-')), 'backup');
});
afterEach(async () => {
  worker?.kill('SIGKILL');
  await worker?.ended;
  await sandbox.clearFaults();
  await rm(join(folder, '..'), { recursive: true });
});

const complete = (bench: TestBench, id: string) => async () => (await bench.detail(id)).state === 'complete';
const states = async (bench: TestBench): Promise<string[]> =>
  (await bench.query<{ state: string }>('SELECT state FROM week_runs ORDER BY state')).map(({ state }) => state);

/** On another server and port, as another owner, and started there. */
async function restoredElsewhere(bench: TestBench, manifest: Manifest): Promise<TestBench> {
  const url = await elsewhere.newDatabase();
  const store = await openStore(url, { maxConnections: 20 });
  await restore(backupContext(store), { from: folder, manifest });
  const { catalogue, workspaceId } = bench.database;
  await migrate(store, { datasets: catalogue.datasets });
  return benchOver({ url, store, catalogue, workspaceId, drop: () => store.close() }, bench.options);
}

test('backed up amid a backfill, lost after going on, restored elsewhere: every week arrives and nothing is bought twice', async () => {
  const bench = await createTestBench(sandbox);
  const first = await bench.collect(DONE);
  await bench.work(complete(bench, first.id));
  // Two at Amazon, who computes as long as the test wishes; the others wait in line.
  await sandbox.holdExecutions();
  const range = { firstWeek: settledWeek(DONE), lastWeek: settledWeek(WEEKS - 1) };
  const { id } = await createCollection(bench.ctx, { instance: 'amcsandbox1', dataset: 'campaign_performance', ...range });
  await bench.skipValidation(id);
  worker = await spawnWorker(bench.database.url, { instanceLimit: 2 });
  await eventually(async () => (await states(bench)).filter((state) => state === 'running').length === 2);
  const before = await states(bench);
  expect(before).toEqual(['done', 'done', 'planned', 'planned', 'running', 'running']);
  await backup(backupContext(bench.database.store), { to: folder });

  // The collector goes on for the rest of its life: what it buys from here on, the back-up does not know.
  await sandbox.letExecutionsGoOn();
  await eventually(complete(bench, id));
  const fences = await bench.query<{ fence: string }>('SELECT max(fence) AS fence FROM week_runs');
  worker.kill('SIGKILL');
  await worker.ended;
  expect(await bench.totals()).toEqual(undisturbed);
  expect(await bench.bought()).toHaveLength(WEEKS);
  await bench.drop();

  const manifest = await checkBackup(folder, AbortSignal.timeout(60_000));
  const restored = await restoredElsewhere(bench, manifest);
  expect(await states(restored)).toEqual(before);
  const open = await restored.query<{ fence: string; lease: unknown }>(
    `SELECT fence, lease_until AS lease FROM week_runs WHERE state IN ('planned', 'creating', 'running', 'downloading', 'merging')`,
  );
  for (const { fence, lease } of open) expect([Number(fence) > Number(fences[0]!.fence), lease]).toEqual([true, null]);

  await restored.work(complete(restored, id));
  expect(await restored.totals()).toEqual(undisturbed);
  expect(await restored.bought()).toHaveLength(WEEKS);
  expect(await restored.query('SELECT FROM instance_slots WHERE run_id IS NOT NULL')).toEqual([]);
  expect(await restored.query('SELECT FROM week_runs WHERE attempt > 0')).toEqual([]);
  await restored.drop();
});
