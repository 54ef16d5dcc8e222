import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { CollectorError } from '../../../contract/error.ts';
import type { RunningServer } from './server.ts';

/** What a server that we started is doing, for health. */
export type ServerState =
  | { readonly name: 'running' }
  /** It ended; this is how often a new start was tried, of how many times. */
  | { readonly name: 'restarting'; readonly attempt: number; readonly attempts: number; readonly diskFull: boolean }
  /** Nobody starts it any more, and this process is about to end. */
  | { readonly name: 'given up'; readonly diskFull: boolean };

export interface SupervisedServer {
  state(): ServerState;
  stop(): Promise<void>;
}

export interface Supervision {
  /** Starts the server at the same address each time; the first start's failure is the caller's. */
  start(stopping: AbortSignal): Promise<RunningServer>;
  /** Before each new start, in milliseconds; as many starts are tried. */
  pauses?: readonly number[] | undefined;
  logger?: Logger | undefined;
  /** Called once, when the server ended and no start worked. */
  onGivenUp?: ((reason: Error) => void) | undefined;
}

/** Two minutes with the starts themselves: enough for a disk that somebody makes room on, or a machine short of memory. */
export const PAUSES_MS = [0, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000] as const;
/** A server that ran for so long has its attempts back; one that dies sooner each time is not started for ever. */
const STEADY_MS = 60_000;

/** Keeps a server running: started again with growing pauses whenever it ends without being told to. */
export async function supervise({ start, pauses = PAUSES_MS, logger, onGivenUp }: Supervision): Promise<SupervisedServer> {
  const stopping = new AbortController();
  let state: ServerState = { name: 'running' };
  let attempt = 0;
  let server: RunningServer | undefined = await start(stopping.signal);

  /** @returns undefined when no attempt is left, or none is wanted any more */
  async function startAgain(ended: Error): Promise<RunningServer | undefined> {
    let reason = ended;
    while (attempt < pauses.length) {
      const pause = pauses[attempt++]!;
      state = { name: 'restarting', attempt, attempts: pauses.length, diskFull: isDiskFull(reason) };
      logger?.error(
        { err: reason, attempt, attempts: pauses.length, pauseMs: pause },
        'The embedded database is away; it is started again.',
      );
      try {
        await sleep(pause, undefined, { signal: stopping.signal });
        return await start(stopping.signal);
      } catch (error) {
        if (stopping.signal.aborted) return undefined;
        reason = error as Error;
      }
    }
    state = { name: 'given up', diskFull: isDiskFull(reason) };
    logger?.fatal({ err: reason, attempts: pauses.length }, 'The embedded database ended and could not be started again.');
    onGivenUp?.(reason);
    return undefined;
  }

  async function keep(): Promise<void> {
    while (server !== undefined) {
      const upSince = performance.now();
      const reason = await server.ended;
      if (stopping.signal.aborted) return;
      if (performance.now() - upSince >= STEADY_MS) attempt = 0;
      server = await startAgain(reason);
      if (server === undefined) return;
      // A start that came through while we were told to stop.
      if (stopping.signal.aborted) return server.stop();
      state = { name: 'running' };
      logger?.warn({ attempt }, 'The embedded database runs again.');
    }
  }

  const kept = keep();
  return {
    state: () => state,
    async stop() {
      stopping.abort();
      await server?.stop();
      await kept;
    },
  };
}

const isDiskFull = (reason: Error): boolean => reason instanceof CollectorError && reason.code === 'disk_full';
