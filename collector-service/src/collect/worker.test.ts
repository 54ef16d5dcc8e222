import { setTimeout as sleep } from 'node:timers/promises';
import { createCollection } from './plan.ts';
import { collectProgress } from './progress.ts';
import { collectionDetail } from './read.ts';
import { createTestCollector, type TestCollector } from './testing/collector.ts';
import { createCollectDatabase, SILENT, type CollectDatabase } from './testing/database.ts';
import { insertSandboxInstance, startTestSandbox, type TestSandbox } from './testing/sandbox.ts';
import { runWorker } from './worker.ts';

let sandbox: TestSandbox;
let database: CollectDatabase;
let collector: TestCollector;

beforeAll(async () => {
  sandbox = await startTestSandbox();
});
afterAll(() => sandbox.close());
beforeEach(async () => {
  database = await createCollectDatabase();
  collector = await createTestCollector(database.store, database.catalogue, SILENT);
});
afterEach(async () => {
  await collector.close();
  await database.drop();
});

const clock = () => new Date();
test('backfills', async () => {
  await insertSandboxInstance(database, sandbox.url);
  const { id } = await createCollection({ store: database.store, catalogue: database.catalogue, clock }, { workspaceId: database.workspaceId, instance: 'amcsandbox1', dataset: 'campaign_performance', weeks: 4, createdBy: 'test' });
  const stop = new AbortController();
  const running = runWorker(collector.deps, stop.signal);
  for (let i = 0; i < 300; i++) {
    const p = await collectProgress(database.store, database.workspaceId);
    if (p.settled) break;
    await sleep(100);
  }
  stop.abort();
  await running;
  const detail = await collectionDetail(database.store, clock, { workspaceId: database.workspaceId }, id);
  console.log(JSON.stringify(detail, null, 1), JSON.stringify(await sandbox.stats()));
});
