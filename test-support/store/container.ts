import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { once } from 'node:events';

/** Namespaces of its own, as Docker gives a container: for pids, System V shared memory and, when told, the network. */
export interface Walls {
  network?: boolean;
}

const AS_ROOT = ['--pid', '--ipc', '--fork', '--kill-child', '--mount-proc'];
/** Where users may make namespaces of their own. */
const AS_USER = ['--user', '--map-current-user', ...AS_ROOT];
const FLAGS = [AS_ROOT, AS_USER].find((flags) => spawnSync('unshare', [...flags, 'true']).status === 0);

/** Whether this system lets us make namespaces (root, or unprivileged user namespaces); Linux only. */
export const canContain = FLAGS !== undefined;

export interface Container {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Exit code, or the signal; everything that ran inside is gone then. */
  readonly ended: Promise<number | string>;
  /** The text of standard output up to its first line break. @throws when it ends before */
  firstLine(): Promise<string>;
  /** Its exit code, or the line that says that it runs. */
  outcome(): Promise<number | string>;
  /** kill -9 of its first process, which takes every other one with it. */
  kill(): Promise<void>;
}

/** Runs a program as the first process of a container that shares nothing with us but the files. */
export function contain(command: readonly string[], { network = false }: Walls = {}, env?: NodeJS.ProcessEnv): Container {
  const child = spawn('unshare', [...(FLAGS ?? []), ...(network ? ['--net'] : []), ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(env && { env }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => (stderr += String(chunk)));
  const ended = once(child, 'close').then(([code, signal]) => (signal as string | null) ?? (code as number));
  async function firstLine(): Promise<string> {
    while (!stdout.includes('\n')) {
      const over = await Promise.race([once(child.stdout, 'data').then(() => undefined), ended]);
      if (over !== undefined) throw new Error(`It ended (${over}) and said nothing: ${stderr}`);
    }
    return stdout.split('\n')[0]!;
  }
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    firstLine,
    outcome: () => Promise.race([ended, firstLine().catch(() => ended)]),
    async kill() {
      if (child.exitCode === null && child.signalCode === null) {
        const [first] = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ');
        if (first) process.kill(Number(first), 'SIGKILL');
      }
      await ended;
    },
  };
}
