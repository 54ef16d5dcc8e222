import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CollectorError } from './contract/error.ts';

/** Folders this process holds: in a container every start has the same process id, which then says nothing. */
const held = new Set<string>();

/**
 * One process per data directory: a second start must not touch the first one's database.
 * The file holds the process id; one left behind by a process that died is taken over.
 * @throws CollectorError conflict, naming the process
 */
export function lockDataDirectory(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'collector.lock');
  for (;;) {
    try {
      const file = openSync(path, 'wx', 0o600);
      writeSync(file, `${process.pid}\n`);
      closeSync(file);
      held.add(path);
      return () => {
        held.delete(path);
        rmSync(path, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const pid = ownerOf(path);
    if (pid !== undefined && (pid === process.pid ? held.has(path) : isAlive(pid))) {
      throw new CollectorError(`AMC Reports already runs on ${dataDir} (process ${pid}). Stop it with Ctrl-C first, or set DATA_DIR to another folder.`, {
        code: 'conflict',
        kind: 'terminal',
        details: { pid },
      });
    }
    rmSync(path, { force: true });
  }
}

function ownerOf(path: string): number | undefined {
  try {
    const pid = Number(readFileSync(path, 'utf8').trim());
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
