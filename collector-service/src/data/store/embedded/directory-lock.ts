import { execFile } from 'node:child_process';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CollectorError } from '../../../contract/error.ts';

export interface DirectoryLock {
  release(): Promise<void>;
}

/** Attempts before we believe that someone else keeps winning. */
const ATTEMPTS = 5;

/**
 * Takes a data directory for this process. The lock names its holder by pid and start, because pids come again: in a container
 * the collector has the same one after every restart.
 * @throws CollectorError conflict naming the pid that holds it
 */
export async function takeDirectory(directory: string): Promise<DirectoryLock> {
  const path = join(directory, 'lock');
  const mine = `${process.pid} ${await startOf(process.pid)}\n`;
  const draft = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  await writeFile(draft, mine, { mode: 0o644 });
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      // A hard link appears whole or not at all, and fails when the lock exists.
      if (await appears(link(draft, path))) return { release: () => release(path, mine) };
      const held = await readFile(path, 'utf8').catch(() => '');
      const pid = Number(held.split(' ')[0]);
      if (held !== '' && held === `${pid} ${await startOf(pid)}\n`) throw inUse(directory, pid);
      await removeStale(path, held);
    }
    throw inUse(directory, undefined);
  } finally {
    await rm(draft, { force: true });
  }
}

/** Moved away before it is judged, so that a lock someone takes at this moment is given back instead of lost. */
async function removeStale(path: string, held: string): Promise<void> {
  const aside = `${path}.stale.${process.pid}`;
  if (!(await appears(rename(path, aside)))) return;
  if ((await readFile(aside, 'utf8')) !== held) await link(aside, path).catch(() => undefined);
  await rm(aside, { force: true });
}

async function release(path: string, mine: string): Promise<void> {
  if ((await readFile(path, 'utf8').catch(() => '')) === mine) await rm(path, { force: true });
}

const appears = (operation: Promise<unknown>): Promise<boolean> =>
  operation.then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST' || error.code === 'ENOENT') return false;
      throw error;
    },
  );

/** When a process began, in whatever words the system has; empty when there is none. */
export async function startOf(pid: number): Promise<string> {
  if (!Number.isInteger(pid) || pid <= 0) return '';
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // The name in parentheses may hold anything; the start in clock ticks since boot is the 22nd field.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    // A zombie holds nothing any more.
    if (stat === '' || fields[0] === 'Z') return '';
    return `${(await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()}/${fields[19]}`;
  }
  try {
    return (await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)])).stdout.trim();
  } catch {
    return '';
  }
}

function inUse(directory: string, pid: number | undefined): CollectorError {
  const who = pid === undefined ? 'another process' : `process ${pid}`;
  const message = `The data directory ${directory} is in use by ${who}. Stop that one first, or choose another data directory.`;
  return new CollectorError('conflict', message, { details: pid === undefined ? undefined : { pid } });
}
