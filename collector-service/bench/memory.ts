import { execFile, type ExecFileOptions } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Megabytes that a process has for itself, without shared buffers and files; 0 where the system does not tell. */
export async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}

/** How often a process is looked at: what it holds for less time may be missed. */
const LOOK_EVERY_MS = 25;

/** Runs a program to its end. @returns what it printed, and the most memory (memoryOf) it was seen with */
export async function runWatched(
  file: string,
  args: readonly string[],
  options: ExecFileOptions,
): Promise<{ stdout: string; ownMb: number }> {
  const running = promisify(execFile)(file, args, { ...options, encoding: 'utf8' });
  const pid = running.child.pid!;
  let ownMb = 0;
  const watch = setInterval(async () => (ownMb = Math.max(ownMb, await memoryOf(pid))), LOOK_EVERY_MS);
  try {
    const { stdout } = await running;
    return { stdout, ownMb };
  } finally {
    clearInterval(watch);
  }
}
