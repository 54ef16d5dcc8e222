import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from './random.ts';
import type { WorkerOrder } from './worker-process.ts';

interface Member {
  child: ChildProcess;
  ready: Promise<unknown>;
}

/** Three workers, and spares that are ready to step in. */
export interface Crew {
  /** Resolves when all three work. */
  whole(): Promise<unknown>;
  /** Kills one of the three; a spare takes its place as soon as it can. @returns the pid, which is gone */
  killOne(random: Random): Promise<number>;
  /** Kills all and starts anew, living on another day. */
  restart(calendarOffsetMs: number): Promise<void>;
  end(): Promise<void>;
}

const SIZE = 3;
/** Starting a process costs more than a kill, so that several are on their way. */
const SPARES = 3;
const READY_DEADLINE_MS = 120_000;

export async function startCrew(order: WorkerOrder, folder: string): Promise<Crew> {
  mkdirSync(folder, { recursive: true });
  const log = createWriteStream(join(folder, 'workers.log'));
  let current = order;
  let seats: Member[] = [];
  let spares: Member[] = [];

  function launch(): Member {
    const child = fork(join(import.meta.dirname, 'worker-process.ts'), [JSON.stringify(current)], {
      execPath: process.execPath,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: { ...process.env, NODE_COMPILE_CACHE: join(folder, 'compiled'), TMPDIR: folder },
    });
    child.stderr!.pipe(log, { end: false });
    const ready = Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(([code, signal]) => {
        throw new Error(`A worker ended (${code ?? signal}) before it was ready; see ${join(folder, 'workers.log')}.`);
      }),
      new Promise((_, reject) => setTimeout(() => reject(new Error('A worker did not get ready.')), READY_DEADLINE_MS).unref()),
    ]);
    ready.catch(() => undefined);
    return { child, ready };
  }

  /** The spare that was launched first begins when it is ready. */
  function seat(): Member {
    const member = spares.shift() ?? launch();
    spares.push(launch());
    seats.push(member);
    member.ready.then(
      () => member.child.send('go'),
      () => undefined,
    );
    return member;
  }

  async function kill(member: Member): Promise<void> {
    const { child } = member;
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`A worker had ended by itself (${child.exitCode ?? child.signalCode}).`);
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  async function fill(): Promise<void> {
    spares = Array.from({ length: SPARES }, launch);
    for (let place = 0; place < SIZE; place++) seat();
    await Promise.all(seats.map((member) => member.ready));
  }

  async function end(): Promise<void> {
    const all = [...seats, ...spares];
    seats = [];
    spares = [];
    await Promise.all(all.map(kill));
  }

  await fill();
  return {
    end,
    whole: () => Promise.all(seats.map((member) => member.ready)),
    async killOne(random) {
      const victim = random.pick(seats);
      await kill(victim);
      seats = seats.filter((member) => member !== victim);
      seat();
      return victim.child.pid!;
    },
    async restart(calendarOffsetMs) {
      await end();
      current = { ...current, calendarOffsetMs };
      await fill();
    },
  };
}
