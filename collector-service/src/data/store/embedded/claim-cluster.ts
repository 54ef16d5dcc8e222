import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { CollectorError } from '../../../contract/error.ts';
import { clusterOf } from './cluster.ts';
import { tryKernelLock } from './kernel-lock.ts';
import { startOf } from './process-start.ts';
import { stopProcess } from './stop-process.ts';

/** How long the processes of a server that is gone may take to notice and end. */
const LEFT_BEHIND_MS = 10_000;

/**
 * Makes sure that no process of an earlier server is alive, ending one that outlived its collector. Only to be called while we hold
 * the directory's lock: whoever started that server is gone.
 * @returns a descriptor that the new server inherits, with a lock that it and all its processes hold as long as one of them lives
 * @throws CollectorError conflict when processes of an earlier server live where we cannot end them
 */
export async function claimCluster(directory: string, logger: Logger | undefined): Promise<number> {
  const path = join(directory, 'server.lock');
  let descriptor = tryKernelLock(path);
  if (descriptor === undefined) await stopOrphan(directory, logger);
  for (const deadline = Date.now() + LEFT_BEHIND_MS; descriptor === undefined; descriptor = tryKernelLock(path)) {
    if (Date.now() > deadline) throw stillAlive(directory);
    await sleep(20);
  }
  await forgetPidOfAnother(directory);
  return descriptor;
}

const pidFile = (directory: string): string => join(clusterOf(directory), 'postmaster.pid');

/** 0 when there is none. */
const writtenPid = async (directory: string): Promise<number> =>
  Number((await readFile(pidFile(directory), 'utf8').catch(() => '')).split('\n')[0]);

async function stopOrphan(directory: string, logger: Logger | undefined): Promise<void> {
  const pid = await writtenPid(directory);
  if (!(await isServerOf(pid, directory))) return;
  logger?.warn({ pid }, 'An embedded database is still running without its collector; stopping it first.');
  await stopProcess(pid);
}

/** The pid may be that of another namespace, and another program's in ours. */
async function isServerOf(pid: number, directory: string): Promise<boolean> {
  if ((await startOf(pid)) === '') return false;
  if (process.platform !== 'linux') return true;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.split('\0').includes(clusterOf(directory));
}

/**
 * A stale pid that some program has by now would be taken for a running server by PostgreSQL. With no such process it looks closer than
 * we can (shared memory still in use) and removes the file itself.
 */
async function forgetPidOfAnother(directory: string): Promise<void> {
  if ((await startOf(await writtenPid(directory))) !== '') await rm(pidFile(directory), { force: true });
}

function stillAlive(directory: string): CollectorError {
  const message = `A database server of an earlier start is still at work on ${directory}, where it cannot be stopped from here: in another container, or as another user. Stop that container or process, then start again.`;
  return new CollectorError('conflict', message);
}
