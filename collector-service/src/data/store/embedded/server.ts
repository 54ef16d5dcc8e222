import { spawn, type ChildProcess } from 'node:child_process';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { CollectorError } from '../../../contract/error.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { clusterOf } from './cluster.ts';
import { startOf } from './directory-lock.ts';
import { handOver } from './location.ts';

export interface RunningServer {
  stop(): Promise<void>;
}

/** Recovery after a crash may take its time on a large database. */
const START_DEADLINE_MS = 120_000;
const STOP_DEADLINE_MS = 30_000;

/** For a laptop: enough cache for a year of weeks, and memory left for everything else. Durability is PostgreSQL's default. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  // Sockets would need a directory that the server's account may write; TCP on the loopback needs none.
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  effective_cache_size: '1GB',
  max_wal_size: '2GB',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
};

/**
 * What a statement frees stays with its process, up to this much. glibc hands it back to the kernel otherwise, and a hash table of 8 MB
 * costs 2,000 page faults in every statement that needs one: a sixth of the time of a top twenty over 7,000 campaigns. The mmap
 * threshold may be no larger; a C library that does not know these ignores them.
 */
const KEPT_MEMORY = String(32 * 1024 * 1024);
const MEMORY = { MALLOC_TRIM_THRESHOLD_: KEPT_MEMORY, MALLOC_MMAP_THRESHOLD_: KEPT_MEMORY };

export async function startServer(options: {
  directory: string;
  binaries: Binaries;
  account: Account;
  port: number;
  logger: Logger | undefined;
}): Promise<RunningServer> {
  const { directory, binaries, account, port, logger } = options;
  const log = join(directory, 'postgres.log');
  const output = await open(log, 'w', 0o600);
  await handOver(log, account);
  const flags = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // A process group of its own: Ctrl-C is for us, who stop the server last. A time zone or locale of the environment is none of its business.
  const child = spawn(binaries.postgres, ['-D', clusterOf(directory), ...flags], {
    ...account,
    cwd: '/',
    detached: true,
    stdio: ['ignore', output.fd, output.fd],
    env: { ...MEMORY, PATH: process.env.PATH ?? '' },
  });
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  failed.catch(() => undefined);
  await output.close();
  try {
    await Promise.race([untilReady(child, directory, log), failed]);
  } catch (error) {
    await stopProcess(child.pid);
    throw error;
  }
  child.unref();
  return superviseServer(child, log, logger);
}

/** If our process ends without stop(), the server is told to end too; if it ends on its own, the log says so. */
function superviseServer(child: ChildProcess, log: string, logger: Logger | undefined): RunningServer {
  const onExit = (): void => void signal(child.pid, 'SIGINT');
  process.once('exit', onExit);
  let stopping = false;
  child.once('exit', (code, how) => {
    process.off('exit', onExit);
    if (!stopping) logger?.error({ code, signal: how, log }, 'The embedded database ended unexpectedly; its log says why.');
  });
  return {
    async stop() {
      stopping = true;
      await stopProcess(child.pid);
      process.off('exit', onExit);
    },
  };
}

/** The server itself writes when it takes connections: the eighth line of postmaster.pid. */
async function untilReady(child: ChildProcess, directory: string, log: string): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null) throw await startFailure(log);
    const lines = (await readFile(join(clusterOf(directory), 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return;
    await sleep(20);
  }
  throw await startFailure(log);
}

async function startFailure(log: string): Promise<CollectorError> {
  const lines = (await readFile(log, 'utf8').catch(() => '')).trim().split('\n');
  const reason = lines.findLast((line) => /(FATAL|PANIC|ERROR|initdb|error while loading)/.test(line)) ?? lines.at(-1) ?? '';
  const taken = lines.some((line) => line.includes('could not bind') || line.includes('Address already in use'));
  const advice = taken ? 'Its port is taken: stop what listens there, or choose another port.' : `Its log is ${log}.`;
  return new CollectorError('database_unavailable', `The embedded database did not start: ${reason.trim()} ${advice}`, {
    kind: 'terminal',
  });
}

/**
 * Ends a server that outlived the collector which started it. Only to be called while we hold the directory's lock: whoever
 * started that server is gone.
 */
export async function stopOrphan(directory: string, logger: Logger | undefined): Promise<void> {
  const path = join(clusterOf(directory), 'postmaster.pid');
  const pid = Number((await readFile(path, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid <= 0) return;
  if (await isServerOf(pid, directory)) {
    logger?.warn({ pid }, 'An embedded database is still running without its collector; stopping it first.');
    await stopProcess(pid);
  } else if ((await startOf(pid)) !== '') {
    // The pid is another program's by now, which PostgreSQL would take for a running server. With no such process it looks
    // closer than we can (shared memory still in use) and removes the file itself.
    await rm(path, { force: true });
  }
}

/** The pid of a stale file may have been given to any other program. */
async function isServerOf(pid: number, directory: string): Promise<boolean> {
  if ((await startOf(pid)) === '') return false;
  if (process.platform !== 'linux') return true;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return command.split('\0').includes(clusterOf(directory));
}

/** Fast shutdown, then, if that takes too long, an immediate one, which recovery repairs at the next start. */
async function stopProcess(pid: number | undefined): Promise<void> {
  if (pid === undefined) return;
  const start = await startOf(pid);
  for (const how of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
    if (!signal(pid, how)) return;
    const deadline = Date.now() + STOP_DEADLINE_MS;
    while (Date.now() < deadline) {
      const now = await startOf(pid);
      if (now === '' || now !== start) return;
      await sleep(20);
    }
  }
}

function signal(pid: number | undefined, how: NodeJS.Signals): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, how);
  } catch {
    return false;
  }
}
