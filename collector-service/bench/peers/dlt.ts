import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { promisify } from 'node:util';
import type { Python } from './python.ts';

/** One way to use dlt. All write to a table with a unique index over the rows' key. */
export interface Variant {
  name: string;
  /** Rows read into Arrow tables, or files handed to COPY as they are. */
  source: 'arrow' | 'import';
  strategy: 'delete-insert' | 'replace-days' | 'upsert';
  /** A process for each week, one process with a run for each week, or one run of all weeks. */
  runs: 'process' | 'week' | 'once';
}

/** The ones that were fastest of those tried; INSERT statements and JSON lines between dlt and the database are far slower. */
export const VARIANTS: readonly Variant[] = [
  { name: 'a process per week, delete-insert', source: 'import', strategy: 'delete-insert', runs: 'process' },
  { name: 'a run per week, Arrow, delete-insert', source: 'arrow', strategy: 'delete-insert', runs: 'week' },
  { name: 'a run per week, files, delete-insert', source: 'import', strategy: 'delete-insert', runs: 'week' },
  { name: 'a run per week, files, upsert', source: 'import', strategy: 'upsert', runs: 'week' },
  { name: 'a run per week, files, days replaced', source: 'import', strategy: 'replace-days', runs: 'week' },
  { name: 'one run, files, delete-insert', source: 'import', strategy: 'delete-insert', runs: 'once' },
  { name: 'one run, files, days replaced', source: 'import', strategy: 'replace-days', runs: 'once' },
];

export interface DltLoad {
  seconds: number;
  rows: number;
}

interface DltOptions {
  python: Python;
  variant: Variant;
  /** Number of the variant: names its schema and working folder. */
  index: number;
  databaseUrl: string;
  directory: string;
}

const PROGRAM = join(import.meta.dirname, 'dlt_load.py');
const DEADLINE_MS = 30 * 60_000;

/**
 * Takes the files through dlt. Its own imports and the making of the table do not count, except that a process per week
 * pays its start each time.
 * @param first the table is made now
 */
export async function loadWithDlt(options: DltOptions, files: readonly string[], first: boolean): Promise<DltLoad> {
  if (options.variant.runs !== 'process') return runProgram(options, files, first);
  let made = first;
  const total: DltLoad = { seconds: 0, rows: 0 };
  for (const file of files) {
    const begun = performance.now();
    const one = await runProgram(options, [file], made);
    // The first process also makes the table, so its own measure is taken.
    total.seconds += made ? one.seconds : (performance.now() - begun) / 1000;
    total.rows = one.rows;
    made = false;
  }
  return total;
}

async function runProgram(
  { python, variant, index, databaseUrl, directory }: DltOptions,
  files: readonly string[],
  first: boolean,
): Promise<DltLoad> {
  const pipelines = join(directory, `dlt-${index}`);
  await mkdir(pipelines, { recursive: true });
  const { stdout } = await promisify(execFile)(
    python.path,
    [
      ...[PROGRAM, '--dataset', `peer_${index}`, '--pipelines', pipelines, '--source', variant.source, '--strategy', variant.strategy],
      ...['--format', 'csv', ...(variant.runs === 'once' ? ['--one-run'] : []), ...(first ? ['--index'] : []), ...files],
    ],
    {
      cwd: pipelines,
      timeout: DEADLINE_MS,
      maxBuffer: 64 * 1024 * 1024,
      env: { ...process.env, PEER_DATABASE_URL: databaseUrl, RUNTIME__DLTHUB_TELEMETRY: 'false', DLT_DATA_DIR: pipelines },
    },
  );
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as DltLoad;
}
