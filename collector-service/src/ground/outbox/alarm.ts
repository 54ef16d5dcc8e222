import type { Pool, PoolClient } from 'pg';
import type { Logger } from 'pino';
import { EVENTS_CHANNEL } from './announce.ts';

/**
 * Lets a loop sleep until there may be something to do: this process says so, any process announced a change (NOTIFY), or the time is
 * up. A lost LISTEN connection only makes it rely on the time; it is made anew at the next sleep.
 */
export function createAlarm(pool: Pool, logger: Logger) {
  let client: PoolClient | undefined;
  let rung = false;
  let ring: () => void = () => undefined;
  const wake = () => {
    rung = true;
    ring();
  };

  function drop(lost: PoolClient, error: Error): void {
    if (client !== lost) return;
    client = undefined;
    lost.release(error);
    logger.warn({ err: error }, 'The connection for notifications was lost; the clock serves until it is back.');
  }

  async function listen(): Promise<void> {
    if (client) return;
    try {
      const fresh = await pool.connect();
      client = fresh;
      fresh.on('error', (error) => drop(fresh, error));
      fresh.on('notification', wake);
      await fresh.query(`LISTEN ${EVENTS_CHANNEL}`);
    } catch (error) {
      if (client) drop(client, error as Error);
    }
  }

  return {
    wake,
    /** Returns at once when something rang since the last sleep. */
    async sleep(ms: number, signal: AbortSignal): Promise<void> {
      await listen();
      if (!rung && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const end = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', end);
            resolve();
          };
          const timer = setTimeout(end, ms);
          signal.addEventListener('abort', end, { once: true });
          ring = end;
        });
      }
      rung = false;
    },
    /** The connection still listens, so it is closed and not lent again. */
    stop(): void {
      const listening = client;
      client = undefined;
      listening?.removeAllListeners('notification');
      listening?.release(true);
    },
  };
}
