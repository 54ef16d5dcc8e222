import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Installation {
  /** What every process of it is given. */
  readonly env: Record<string, string>;
  /** Starts `collector <args>`; `extra` for this process alone. */
  run(args: readonly string[], extra?: Record<string, string>): Command;
  /** Ends what still runs. */
  end(): Promise<void>;
}

export interface Command {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
  /** Resolves when the log holds the text. @throws when the process ends before */
  logged(text: string): Promise<void>;
}

/** Settings, a data directory and provisioning files for real processes over one database. */
export async function createInstallation(env: Record<string, string>, provisioning: Record<string, string>): Promise<Installation> {
  const directory = await mkdtemp(join(tmpdir(), 'installation-'));
  for (const [name, text] of Object.entries(provisioning)) await writeFile(join(directory, name), text);
  const all = {
    PATH: process.env.PATH ?? '',
    DATA_DIR: join(directory, 'data'),
    PROVISIONING_DIR: directory,
    HOST: '127.0.0.1',
    PORT: '0',
    ...env,
  };
  const commands: Command[] = [];
  return {
    env: all,
    run(args, extra = {}) {
      const command = start(args, { ...all, ...extra });
      commands.push(command);
      return command;
    },
    async end() {
      for (const { child, ended } of commands) {
        child.kill('SIGCONT');
        child.kill('SIGKILL');
        await ended;
      }
    },
  };
}

function start(args: readonly string[], env: Record<string, string>): Command {
  const child = spawn(process.execPath, [join(__dirname, '../../collector-service/src/entry/cli/collector.ts'), ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  const listeners = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => (stdout += String(chunk)));
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += String(chunk);
    for (const listener of listeners) listener();
  });
  const ended = once(child, 'close').then(([code, signal]) => (signal as string | null) ?? (code as number));
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    logged: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (!stderr.includes(text)) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
        void ended.then((how) => reject(new Error(`It ended (${how}) before it said "${text}": ${stderr.slice(-2_000)}`)));
      }),
  };
}
