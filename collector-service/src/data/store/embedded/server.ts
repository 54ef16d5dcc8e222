import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { CollectorError } from '../../../contract/error.ts';
import type { Account } from './account.ts';
import type { Binaries } from './binaries.ts';
import { claimCluster } from './claim-cluster.ts';
import { clusterOf } from './cluster.ts';
import { openServerLog, type ServerLog } from './server-log.ts';
import { MEMORY, settingFlags } from './settings.ts';
import { signal, stopProcess } from './stop-process.ts';

export interface RunningServer {
  /** Resolves when its process is gone, by whatever cause, with what is known of it. */
  readonly ended: Promise<CollectorError>;
  /** Lets running transactions go, writes everything and waits for the end. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  directory: string;
  binaries: Binaries;
  account: Account;
  port: number;
  logger: Logger | undefined;
}

/** Recovery after a crash may take its time on a large database. */
const START_DEADLINE_MS = 120_000;

/**
 * Starts the server and waits until it takes connections; recovery after a crash is part of that. The caller holds the directory's lock.
 * @throws CollectorError database_unavailable or disk_full with PostgreSQL's reason; conflict when an earlier server is still alive
 */
export async function startServer(options: ServerOptions, stopping?: AbortSignal): Promise<RunningServer> {
  const lock = await claimCluster(options.directory, options.logger);
  const { child, log } = await spawnServer(options, lock).finally(() => closeSync(lock));
  const failed = new Promise<never>((_, reject) => child.once('error', reject));
  failed.catch(() => undefined);
  try {
    await Promise.race([untilReady(child, options.directory, log, stopping), failed]);
  } catch (error) {
    await stopProcess(child.pid);
    throw error;
  }
  child.unref();
  return watch(child, log);
}

/** The lock is the server's alone, once it runs. */
async function spawnServer(
  { directory, binaries, account, port }: ServerOptions,
  lock: number,
): Promise<{ child: ChildProcess; log: ServerLog }> {
  const log = await openServerLog(directory, account);
  // A process group of its own: Ctrl-C is for us, who stop the server last. A time zone or locale of the environment is none of its business.
  const child = spawn(binaries.postgres, ['-D', clusterOf(directory), ...settingFlags(port)], {
    ...account,
    cwd: '/',
    detached: true,
    stdio: ['ignore', log.output.fd, log.output.fd, lock],
    env: { ...MEMORY, PATH: process.env.PATH ?? '' },
  });
  await log.output.close();
  return { child, log };
}

/** If our process ends without stop(), the server is told to end too. */
function watch(child: ChildProcess, log: ServerLog): RunningServer {
  const onExit = (): void => void signal(child.pid, 'SIGINT');
  process.once('exit', onExit);
  const gone = (): boolean => child.exitCode !== null || child.signalCode !== null;
  const exit = gone() ? Promise.resolve() : new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const ended = exit.then(async () => {
    process.off('exit', onExit);
    const how = child.signalCode === null ? `with code ${child.exitCode}` : `by ${child.signalCode}`;
    return explain(log, `ended ${how}`, `Its log is ${log.path}.`);
  });
  return {
    ended,
    async stop() {
      // Once it is gone its pid may be anybody's.
      if (!gone()) await stopProcess(child.pid);
      await ended;
    },
  };
}

/** The server itself writes when it takes connections: the eighth line of postmaster.pid. */
async function untilReady(child: ChildProcess, directory: string, log: ServerLog, stopping: AbortSignal | undefined): Promise<void> {
  const deadline = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadline) {
    stopping?.throwIfAborted();
    if (child.exitCode !== null || child.signalCode !== null) break;
    const lines = (await readFile(join(clusterOf(directory), 'postmaster.pid'), 'utf8').catch(() => '')).split('\n');
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return;
    await sleep(20);
  }
  const taken = await log.says(/could not bind|Address already in use/);
  const advice = taken ? 'Its port is taken: stop what listens there, or choose another port.' : `Its log is ${log.path}.`;
  throw await explain(log, 'did not start', advice);
}

async function explain(log: ServerLog, what: string, advice: string): Promise<CollectorError> {
  const reason = await log.reason();
  const said = reason === '' ? '.' : `: ${reason.replace(/[^.!?]$/, '$&.')}`;
  if (await log.says(/No space left on device/))
    return new CollectorError('disk_full', `The embedded database ${what}, since its disk is full${said} Free some space. ${advice}`);
  return new CollectorError('database_unavailable', `The embedded database ${what}${said} ${advice}`, { kind: 'terminal' });
}
