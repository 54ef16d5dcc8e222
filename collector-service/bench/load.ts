import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { IsoDate } from '../src/ground/calendar/week.ts';
import { createAccount } from './account.ts';
import { download } from './download.ts';
import { LoadRun, MERGES_AT_ONCE, RESTATED_WEEKS, type AgainstCopy, type Passage } from './load-run.ts';
import type { Bench, PartResult } from './part.ts';
import { serveResults } from './result-server.ts';
import { atLeast, atMost, megabytes, milliseconds, percent, whole, type Line } from './table.ts';
import { lastWeeks } from './weeks.ts';

interface LoadFigures {
  /** As the collector works: several merges at once. */
  load: Passage & AgainstCopy & { fileMb: number; peakMb: number };
  /** The same with a download first, from a server in this process. */
  downloaded: Passage & AgainstCopy;
  /** One week after the other. */
  sequential: Passage & AgainstCopy;
  unchanged: Passage & { walShare: number };
  reordered: Passage & { walShare: number };
  restated: Passage & { ratioToCopy: number };
}

/** Result files of so many weeks, the restated ones included. */
export async function writeFiles({ directory, rowsPerWeek, log }: Bench, weeks: readonly IsoDate[]): Promise<void> {
  log(`Writing ${weeks.length} files of ${whole(rowsPerWeek)} rows …`);
  const program = join(import.meta.dirname, 'write-files.ts');
  await promisify(execFile)(process.execPath, [program, directory, String(rowsPerWeek), String(RESTATED_WEEKS), ...weeks]);
}

/** Takes generated weeks through scan and merge, beside raw COPY of the same rows into a table like the fact table. */
export async function benchLoad(bench: Bench): Promise<PartResult> {
  const weeks = lastWeeks(bench.weeks);
  await writeFiles(bench, weeks);
  const { store } = await bench.openDatabase('load');
  const server = await serveResults(bench.directory);
  try {
    const account = await createAccount(store, bench.dataset, weeks[0]!, weeks.at(-1)!);
    const fromDisk = new LoadRun({ ...bench, store, account });
    const spooled = join(bench.directory, 'spool');
    const fromServer = new LoadRun({
      ...bench,
      store,
      account,
      download: (file, name, signal) => download(server.urlOf(file), spooled, name, signal),
    });
    const figures = await measure(bench, fromDisk, fromServer, weeks);
    return { lines: lines(figures), figures };
  } finally {
    await server.close();
    await store.close();
  }
}

async function measure(bench: Bench, run: LoadRun, fromServer: LoadRun, weeks: readonly IsoDate[]): Promise<LoadFigures> {
  bench.log('Collecting one week after the other, copying each …');
  const sequential = await run.measureAgainstCopy(weeks, 1);
  await run.forgetWeeks();
  bench.log(`Downloading and collecting ${MERGES_AT_ONCE} weeks at once, copying them …`);
  const downloaded = await fromServer.measureAgainstCopy(weeks, MERGES_AT_ONCE);
  await run.forgetWeeks();
  bench.log(`Collecting ${MERGES_AT_ONCE} weeks at once, copying them …`);
  const load = await run.measureAgainstCopy(weeks, MERGES_AT_ONCE);
  const peakMb = process.resourceUsage().maxRSS / 1024;
  const fileMb = run.fileBytes / 1e6;
  bench.log('The same weeks again: unchanged, reordered and restated …');
  const unchanged = await run.measure(weeks, 1, 'week');
  const late = weeks.slice(-RESTATED_WEEKS);
  const reordered = await run.measure(late, 1, 'reordered');
  const restated = await run.measure(late, 1, 'restated');
  const walShare = (passage: Passage): number => passage.walMb / passage.weeks / (load.walMb / load.weeks);
  return {
    load: { ...load, fileMb, peakMb },
    downloaded,
    sequential,
    unchanged: { ...unchanged, walShare: walShare(unchanged) },
    reordered: { ...reordered, walShare: walShare(reordered) },
    restated: { ...restated, ratioToCopy: restated.rowsPerSecond / sequential.copyRowsPerSecond },
  };
}

const lines = ({ load, downloaded, sequential, unchanged, reordered, restated }: LoadFigures): Line[] => [
  {
    what: `Backfill, ${whole(load.rows)} rows in ${load.weeks} files (${megabytes(load.fileMb)})`,
    reached: `${whole(load.rowsPerSecond)} rows/s`,
  },
  { what: 'Raw COPY of the same rows into the same indexed table', reached: `${whole(load.copyRowsPerSecond)} rows/s` },
  atLeast(`Backfill against raw COPY, ${MERGES_AT_ONCE} merges at once as the collector does`, load.ratioToCopy, 0.7, percent),
  {
    what: '  with a download from this machine first',
    reached: `${percent(downloaded.ratioToCopy)} (${whole(downloaded.rowsPerSecond)} rows/s)`,
  },
  { what: 'Backfill against raw COPY, one week after the other', reached: percent(sequential.ratioToCopy) },
  atMost('Memory of the process, peak', load.peakMb, 300, megabytes),
  atMost('Unchanged week, identical bytes', unchanged.msPerWeek, 50, milliseconds),
  atMost('  rows written', unchanged.rowsWritten, 0, whole),
  atMost('  write-ahead log against the load of a week', unchanged.walShare, 0.01, percent),
  { what: 'Unchanged week, rows in another order', reached: milliseconds(reordered.msPerWeek) },
  atMost('  rows written', reordered.rowsWritten, 0, whole),
  { what: '  write-ahead log against the load of a week', reached: percent(reordered.walShare) },
  { what: 'Restated week, 10 % of rows changed', reached: milliseconds(restated.msPerWeek) },
  { what: '  rows/s against raw COPY', reached: percent(restated.ratioToCopy) },
];
