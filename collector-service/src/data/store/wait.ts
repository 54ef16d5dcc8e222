import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';
import { CollectorError } from '../../contract/error.ts';
import { isUnreachable, messageOf } from './errors.ts';

export interface WaitOptions {
  logger?: Logger;
  /** How long to wait for a database that cannot be reached; 60 s unless told. */
  waitMs?: number;
  signal?: AbortSignal | undefined;
}

const OLDEST_VERSION = 160_000;
const RETRY_EVERY_MS = 500;
const REMIND_EVERY_MS = 5_000;

/**
 * Waits until the database answers.
 * @param variable the one that holds the address, for the message
 * @throws CollectorError database_unavailable, database_too_old
 */
export async function waitForDatabase(
  pool: pg.Pool,
  url: string,
  variable: string,
  { logger, waitMs = 60_000, signal }: WaitOptions,
): Promise<void> {
  const name = describe(url, variable);
  const deadline = Date.now() + waitMs;
  for (let remindAt = 0; ;) {
    try {
      const { rows } = await pool.query<{ number: number; name: string }>(
        `SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS name`,
      );
      return assertVersion(rows[0]!);
    } catch (error) {
      if (error instanceof CollectorError) throw error;
      const reason = messageOf(error);
      if (!isUnreachable(error)) {
        const message = `The database at ${name} refuses us: ${reason}. Check the user, password and database name in ${variable}.`;
        throw new CollectorError('database_unavailable', message, { kind: 'terminal', cause: error });
      }
      if (Date.now() >= remindAt) {
        logger?.warn({ reason }, `Waiting for the database at ${name} …`);
        remindAt = Date.now() + REMIND_EVERY_MS;
      }
      if (Date.now() >= deadline) {
        const message = `No database answers at ${name} after ${Math.round(waitMs / 1000)} s (${reason}). Start it, or correct ${variable}.`;
        throw new CollectorError('database_unavailable', message, { cause: error });
      }
      await sleep(Math.min(RETRY_EVERY_MS, Math.max(1, deadline - Date.now())), undefined, signal ? { signal } : {});
    }
  }
}

function assertVersion(version: { number: number; name: string }): void {
  if (version.number >= OLDEST_VERSION) return;
  const message = `The database is PostgreSQL ${version.name}; version 16 or newer is needed. Upgrade it, or leave DATABASE_URL empty to use the embedded one.`;
  throw new CollectorError('database_too_old', message);
}

/** Host, port and database of a connection string, without user and password. */
function describe(url: string, variable: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `${host || 'the local socket'}${pathname}`;
  } catch {
    return `the address in ${variable}`;
  }
}
