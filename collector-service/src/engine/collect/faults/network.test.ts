import { openStore, type Store } from '../../../data/store/store.ts';
import { startTcpProxy, type NetworkFault, type TcpProxy } from '@amc-reports/test-support/tcp-proxy.ts';
import { createTestBench, eventually, SETTLED_HISTORY_DAYS, type TestBench } from '@amc-reports/test-support/collect/bench.ts';
import { createTestCollector } from '@amc-reports/test-support/collect/collector.ts';
import { SILENT } from '@amc-reports/test-support/collect/database.ts';
import { startTestSandbox, type TestSandbox } from '@amc-reports/test-support/collect/sandbox.ts';
import { runWorker } from '../worker.ts';

const WEEKS = 2;
/** What is swallowed is waited for no longer than this, and a create request that only came late is not missed by the second look. */
const SETTINGS = { leaseMs: 5_000, mergeMs: 5_000, secondLookMs: 4_000_000 };
const PATIENCE = { requestTimeoutMs: 5_000, download: { idleTimeoutMs: 5_000, totalTimeoutMs: 30_000 } };
let sandbox: TestSandbox;
let undisturbed: unknown[];

beforeAll(async () => {
  sandbox = await startTestSandbox({ historyDays: SETTLED_HISTORY_DAYS });
  const bench = await createTestBench(sandbox);
  const { id } = await bench.collect(WEEKS);
  await bench.work(async () => (await bench.detail(id)).state === 'complete');
  undisturbed = await bench.totals();
  await bench.drop();
});
afterAll(() => sandbox.close());

let bench: TestBench;
let proxy: TcpProxy;
beforeEach(async () => {
  bench = await createTestBench(sandbox);
});
afterEach(async () => {
  await proxy.close();
  await bench.drop();
});

/** Works over the store until every week is done, then checks that nothing was lost, doubled or bought twice. */
async function collectThrough(store: Store, fault: NetworkFault, timesAtLeast: number): Promise<void> {
  const { id } = await bench.collect(WEEKS);
  await bench.skipValidation(id);
  const collector = await createTestCollector(store, bench.database.catalogue, SILENT, SETTINGS, PATIENCE);
  const stop = new AbortController();
  proxy.behave(fault);
  const running = runWorker(collector.deps, stop.signal);
  try {
    await eventually(async () => (await bench.detail(id)).state === 'complete');
  } finally {
    stop.abort();
    await running;
    await collector.close();
  }
  expect(proxy.fired()).toBeGreaterThanOrEqual(timesAtLeast);
  expect(await bench.totals()).toEqual(undisturbed);
  expect(await bench.bought()).toHaveLength(WEEKS);
  expect(await bench.query('SELECT FROM instance_slots WHERE run_id IS NOT NULL')).toEqual([]);
}

describe('the network between the worker and PostgreSQL', () => {
  let store: Store;
  beforeEach(async () => {
    const url = new URL(bench.database.url);
    proxy = await startTcpProxy({ host: url.hostname, port: Number(url.port) });
    url.hostname = '127.0.0.1';
    url.port = String(proxy.port);
    store = await openStore(url.href, { maxConnections: 20, deadlineMs: 5_000 });
  });
  afterEach(() => store.close());

  test.each<[string, NetworkFault, number]>([
    ['is slow', { latencyMs: 15 }, 100],
    ['resets the connection in the middle of a COPY, twice', { resetAfter: { text: 'COPY staged_file', bytes: 2_000 }, times: 2 }, 2],
    ['resets the connection with the COMMIT of whatever comes', { resetAfter: { text: 'COMMIT', bytes: 0 }, times: 5 }, 5],
    ['swallows a claim and says nothing', { vanishAfter: { text: 'account_slot' }, times: 1 }, 1],
    ['swallows a COPY and says nothing', { vanishAfter: { text: 'COPY staged_file' }, times: 1 }, 1],
    ['delivers answers a byte at a time for a while', { bytesPerSecond: 20, times: 3 }, 3],
  ])('%s: every week is whole and bought once', async (_what, fault, times) => {
    await collectThrough(store, fault, times);
  });
});

describe('the network between the worker and Amazon', () => {
  beforeEach(async () => {
    const { hostname, port } = new URL(sandbox.url);
    proxy = await startTcpProxy({ host: hostname, port: Number(port) });
    const url = `http://127.0.0.1:${proxy.port}`;
    await bench.query('UPDATE connections SET api_url = $1, token_url = $2', url, `${url}/auth/o2/token`);
  });

  test.each<[string, NetworkFault, number]>([
    ['is slow', { latencyMs: 50 }, 10],
    ['resets the connection of a create request once it is sent', { resetAfter: { text: 'POST /amc/reporting', bytes: 0 }, times: 2 }, 2],
    ['swallows a create request and says nothing', { vanishAfter: { text: 'POST /amc/reporting' }, times: 1 }, 1],
    ['swallows a list request and says nothing', { vanishAfter: { text: 'GET /amc/reporting' }, times: 1 }, 1],
    ['swallows a download and says nothing', { vanishAfter: { text: 'GET /results/' }, times: 1 }, 1],
    ['delivers answers a byte at a time for a while', { bytesPerSecond: 20, times: 4 }, 4],
  ])('%s: every week is whole and bought once', async (_what, fault, times) => {
    await collectThrough(bench.database.store, fault, times);
  });
});
