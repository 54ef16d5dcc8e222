import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { CrashPoint } from '../crash-point.ts';
import type { CollectSettings } from '../settings.ts';

export interface WorkerProcess {
  child: ChildProcess;
  log(): string;
  /** The signal that ended it, or its exit code. */
  ended: Promise<string | number>;
  kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGSTOP' | 'SIGCONT'): void;
}

/** Starts a worker process; with a crash point it kills itself there. */
export async function spawnWorker(
  databaseUrl: string,
  settings: Partial<CollectSettings> = {},
  crashAt?: CrashPoint,
): Promise<WorkerProcess> {
  const child = spawn(process.execPath, [join(__dirname, 'worker-process.ts'), databaseUrl, JSON.stringify(settings)], {
    env: { ...process.env, NODE_OPTIONS: '', ...(crashAt && { AMC_CRASH_AT: crashAt }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  child.stderr!.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const ended = once(child, 'exit').then(([code, signal]) => (signal as string | null) ?? (code as number));
  await Promise.race([
    once(child.stdout!, 'data'),
    ended.then((how) => Promise.reject(new Error(`The worker ended (${how}) before it began: ${log}`))),
  ]);
  return { child, log: () => log, ended, kill: (signal) => void child.kill(signal) };
}
