import { performance } from 'node:perf_hooks';
import { benchDatasets } from './datasets.ts';
import { mergeWeek } from '../src/data/store/merge/merge-week.ts';
import { openStore } from '../src/data/store/store.ts';
import { createAccount } from './account.ts';
import { download } from './download.ts';
import { memoryOf } from './memory.ts';

/** The collector allows a merge a minute and a second per megabyte of its file, which is 11 minutes here. */
const DEADLINE_MS = 11 * 60_000;

/**
 * Downloads one file, merges it as one week and prints seconds and peak memory: node big-merge.ts URL WEEK FOLDER, database in BENCH_DATABASE_URL.
 * A process of its own, so that nothing else counts as its memory.
 */
const [url, week, directory] = process.argv.slice(2) as [string, string, string];
const store = await openStore(process.env.BENCH_DATABASE_URL!, { maxConnections: 2, deadlineMs: DEADLINE_MS });
const datasets = await benchDatasets();
const dataset = datasets.find((each) => each.dataset === 'campaign_performance')!;
const { instanceId, claimRuns } = await createAccount(store, dataset, week, week);
const [held] = await claimRuns([week]);
const begun = performance.now();
const signal = AbortSignal.timeout(3_600_000);
const part = await download(url, directory, 'big.csv', signal);
let backendPeakMb = 0;
const { rowsTotal } = await store.transaction(async (tx) => {
  const { rows } = await tx.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
  const watch = setInterval(async () => (backendPeakMb = Math.max(backendPeakMb, await memoryOf(rows[0]!.pid))), 200);
  try {
    return await mergeWeek(tx, { dataset, instanceId, week, ...held!, parts: [part] });
  } finally {
    clearInterval(watch);
  }
});
const seconds = (performance.now() - begun) / 1000;
await store.close();
console.log(JSON.stringify({ rows: rowsTotal, seconds, peakMb: process.resourceUsage().maxRSS / 1024, backendPeakMb }));
