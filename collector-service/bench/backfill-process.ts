import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { lastWeeks } from './weeks.ts';

const WEEKS = 8;
const ROWS_PER_WEEK = 20_000;

export interface Backfill {
  /** Ends it and tells how many rows it has merged a second since the first week was in. */
  stop(): Promise<number>;
}

/** Starts backfill.ts and waits until it merges. */
export async function startBackfill(databaseUrl: string, directory: string): Promise<Backfill> {
  const weeks = lastWeeks(WEEKS);
  const files = join(directory, 'backfill');
  await mkdir(files, { recursive: true });
  const script = (name: string): string => join(import.meta.dirname, name);
  await promisify(execFile)(process.execPath, [script('write-files.ts'), files, String(ROWS_PER_WEEK), String(WEEKS), ...weeks]);
  const child = spawn(process.execPath, [...process.execArgv, script('backfill.ts'), files, ...weeks], {
    env: { ...process.env, BENCH_DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const lines = createInterface(child.stdout);
  let rows = 0;
  let begun = 0;
  lines.on('line', (line) => {
    if (begun > 0) rows += Number(line);
    else begun = performance.now();
  });
  const first = await Promise.race([once(lines, 'line'), ended]);
  if (begun === 0) throw new Error(`The backfill ended before it merged anything (${String(first[0])}).`);
  return {
    async stop() {
      const seconds = (performance.now() - begun) / 1000;
      const merged = rows;
      if (child.exitCode !== null) throw new Error('The backfill ended by itself, so the questions were not asked beside one.');
      child.kill('SIGTERM');
      await ended;
      return merged / seconds;
    },
  };
}
