import type pg from 'pg';
import type { Logger } from 'pino';
import { EVENTS_CHANNEL } from '../../../engine/collect/statements/events.ts';

/** A burst of changes (a worker claiming many weeks) is told in one go. */
const GATHER_MS = 50;

/**
 * One LISTEN connection for the whole process: idle listeners slow every NOTIFY down (reference/pipeline.md §3.5).
 * A lost connection is made again at the next wait; meanwhile the polling goes on.
 */
export function createWakeUp(pool: pg.Pool, logger: Logger) {
  let connection: pg.PoolClient | undefined;
  /** Kept until the next wait: a notification may come while the last one is worked on. */
  let rung = false;
  let answer: () => void = () => undefined;

  const drop = (error?: Error) => {
    const lost = connection;
    connection = undefined;
    lost?.removeAllListeners('notification');
    lost?.release(error ?? true);
  };

  async function listen(): Promise<void> {
    if (connection) return;
    try {
      const client = await pool.connect();
      client.on('notification', () => {
        rung = true;
        answer();
      });
      client.on('error', (error) => {
        logger.warn({ err: error }, 'The connection for notifications was lost; changes are polled for until it is back.');
        if (connection === client) drop(error);
      });
      connection = client;
      await client.query(`LISTEN ${EVENTS_CHANNEL}`);
    } catch (error) {
      logger.warn({ err: error }, 'Notifications of the database cannot be heard; changes are polled for.');
      drop(error as Error);
    }
  }

  return {
    listen,
    /** Returns when something was notified since the last wait, at the latest after the time. */
    async wait(ms: number, signal: AbortSignal): Promise<void> {
      if (!rung) await pause(ms, signal, (resolve) => (answer = resolve));
      if (rung && !signal.aborted) await pause(GATHER_MS, signal);
      rung = false;
    },
    /** Gives the connection back, not to be used again, since it still listens. */
    stop: () => drop(),
  };
}

/** Waits for the time, the signal or the callback that is handed out, whatever comes first; leaves no timer behind. */
function pause(ms: number, signal: AbortSignal, handOut?: (resolve: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    handOut?.(end);
  });
}
