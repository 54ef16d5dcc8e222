import { execFile } from 'node:child_process';
import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Bench, PartResult } from './part.ts';
import { serveResults } from './result-server.ts';
import { fileOf, weekLines } from './rows.ts';
import { atMost, megabytes, whole } from './table.ts';
import { lastWeeks } from './weeks.ts';

const ROWS = 5_000_000;

interface BigFigures {
  rows: number;
  seconds: number;
  peakMb: number;
  /** Of the PostgreSQL process that works for us, shared buffers not counted. */
  backendPeakMb: number;
}

/** One week far larger than any real one: memory must not follow the file's size. */
export async function benchBig(bench: Bench): Promise<PartResult> {
  const [week] = lastWeeks(1);
  const file = join(bench.directory, 'big.csv');
  bench.log(`Writing a file of ${whole(ROWS)} rows …`);
  await writeFile(file, fileOf(weekLines(week!, ROWS)));
  const { size } = await stat(file);
  const { store, url } = await bench.openDatabase('big');
  await store.close();
  bench.log('Merging it as one week …');
  const server = await serveResults(bench.directory);
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, 'big-merge.ts'), server.urlOf('big.csv'), week!, join(bench.directory, 'spool')],
    { env: { ...process.env, BENCH_DATABASE_URL: url } },
  ).finally(() => server.close());
  await rm(file);
  const figures = JSON.parse(stdout) as BigFigures;
  return {
    lines: [
      {
        what: `One week of ${whole(figures.rows)} rows (${megabytes(size / 1e6)})`,
        reached: `${whole(figures.rows / figures.seconds)} rows/s`,
      },
      atMost('  memory of the process, peak', figures.peakMb, 300, megabytes),
      { what: '  memory of its PostgreSQL process, peak without shared buffers', reached: megabytes(figures.backendPeakMb) },
    ],
    figures,
  };
}
