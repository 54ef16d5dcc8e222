import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { CrashPoint } from '@amc-reports/collector-service/ground/crash-point.ts';
import type { CollectSettings } from '@amc-reports/collector-service/engine/collect/settings.ts';

export interface WorkerProcess {
  child: ChildProcess;
  log(): string;
  /** The signal that ended it, or its exit code. */
  ended: Promise<string | number>;
  /** Resolves when the process has frozen itself at its crash point; rejects when it ends before. */
  stopped: Promise<void>;
  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void;
}

/** What a process does to itself at a crash point (crash-point/crash-point.ts). */
export type CrashAction = 'kill' | 'stop';

/** Starts a worker process; with a crash point it kills or freezes itself there. */
export const spawnWorker = (
  databaseUrl: string,
  settings: Partial<CollectSettings> = {},
  crashAt?: CrashPoint,
  action?: CrashAction,
): Promise<WorkerProcess> => spawnStep('worker-process.ts', [databaseUrl, JSON.stringify(settings)], crashAt, action);

/** Starts one of this folder's programs and waits for its first word. */
export async function spawnStep(
  program: string,
  args: readonly string[],
  crashAt?: CrashPoint,
  action: CrashAction = 'kill',
  nodeOptions = '',
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [join(__dirname, program), ...args], {
    env: { ...process.env, NODE_OPTIONS: nodeOptions, ...(crashAt && { AMC_CRASH_AT: crashAt, AMC_CRASH_ACTION: action }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr!.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = once(child, 'exit').then(([code, signal]) => (signal as string | null) ?? (code as number));
  const early = (what: string) => ended.then((how) => Promise.reject(new Error(`The process ended (${how}) before ${what}: ${log}`)));
  const stopped = Promise.race([
    new Promise<void>((resolve) => child.stdout!.on('data', (chunk: Buffer) => chunk.includes('stopped at') && resolve())),
    early('it came to its crash point'),
  ]);
  stopped.catch(() => undefined);
  await Promise.race([once(child.stdout!, 'data'), early('it began')]);
  return { child, log: () => log, ended, stopped, kill: (signal) => void child.kill(signal) };
}
