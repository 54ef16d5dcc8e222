import pg from 'pg';
import { startBackfill } from './backfill-process.ts';
import type { Bench, PartResult } from './part.ts';
import { QueryBench, type Latency } from './query.ts';
import { atMost, milliseconds, whole, type Line } from './table.ts';

/** The questions of dashboards over data of their own: alone, and while a backfill runs. */
export async function queryPart(bench: Bench): Promise<PartResult> {
  const { store, url } = await bench.openDatabase('queries');
  try {
    const started = performance.now();
    const queries = await QueryBench.prepare(store, { datasets: bench.datasets, rows: bench.queryRows, progress: bench.log });
    const preparedSeconds = (performance.now() - started) / 1000;
    await checkpoint(bench.postgres.adminUrl);
    const alone = await queries.measure(bench.log);
    bench.log('query: the same while a backfill runs');
    const backfill = await startBackfill(url, bench.directory);
    const beside = await queries.measure(bench.log);
    const rowsPerSecond = await backfill.stop();
    return {
      lines: [
        { what: `Questions over ${whole(bench.queryRows)} rows (made in ${whole(preparedSeconds)} s)`, reached: '' },
        ...beside.flatMap((latency, index) => linesOf(alone[index]!, latency)),
        { what: 'Merged meanwhile', reached: `${whole(rowsPerSecond)} rows/s` },
      ],
      figures: {
        rows: bench.queryRows,
        preparedSeconds,
        alone: byKind(alone),
        besideBackfill: byKind(beside),
        backfillRowsPerSecond: rowsPerSecond,
      },
    };
  } finally {
    await store.close();
  }
}

/** What was made for the questions must not be written out beside them. */
async function checkpoint(adminUrl: string): Promise<void> {
  const admin = new pg.Client(adminUrl);
  await admin.connect();
  await admin.query('CHECKPOINT');
  await admin.end();
}

const linesOf = (alone: Latency, { what, p50Ms, p95Ms, aimMs }: Latency): Line[] => [
  { what, reached: `p50 ${milliseconds(alone.p50Ms)}, p95 ${milliseconds(alone.p95Ms)}` },
  aimMs === null
    ? { what: '  while a backfill runs, p95', reached: milliseconds(p95Ms) }
    : atMost(`  while a backfill runs (p50 ${milliseconds(p50Ms)}), p95`, p95Ms, aimMs, milliseconds),
];

const byKind = (latencies: readonly Latency[]): object =>
  Object.fromEntries(latencies.map(({ kind, p50Ms, p95Ms }) => [kind, { p50Ms, p95Ms }]));
