import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { Logger } from 'pino';
import { CollectorError } from '../../contract/error.ts';
import { cancelOnAbort } from './cancel.ts';
import { withDeadline } from './deadline.ts';
import { classify, isRetryable, isUnreachable, messageOf } from './errors.ts';
import type { Database, TransactionOptions } from '../../ground/database.ts';

export interface Store extends Database {
  close(): Promise<void>;
}

export interface StoreOptions {
  /** Connections of this process at most, readers not counted; 10 unless told. */
  maxConnections?: number;
  /** Connections for reading at most; 5 unless told. None is made before something is read. */
  maxReaders?: number;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
  logger?: Logger;
  /** How long to wait for a database that cannot be reached; 60 s unless told. */
  waitMs?: number;
  /**
   * How long a statement of a pool, or a transaction without a signal of its own, may go without an end; 60 s unless told. A
   * connection whose other end has vanished gives no sign by itself.
   */
  deadlineMs?: number;
  signal?: AbortSignal | undefined;
}

const OLDEST_VERSION = 160_000;
const RETRY_EVERY_MS = 500;
const REMIND_EVERY_MS = 5_000;
const DEADLINE_MS = 60_000;
const ROLLBACK_MS = 5_000;

/**
 * Connects, waiting for a database that is not there yet.
 * @throws CollectorError database_unavailable after waitMs (at once for a wrong password or name), database_too_old below PostgreSQL 16
 */
export async function openStore(url: string, options: StoreOptions = {}): Promise<Store> {
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  const pool = createPool(url, options, { max: options.maxConnections ?? 10 });
  boundStatements(pool, deadlineMs);
  try {
    await waitForDatabase(pool, describe(url), options);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const readers = createPool(url, options, { max: options.maxReaders ?? 5, query_timeout: deadlineMs });
  return {
    pool,
    readers,
    transaction: (fn, transactionOptions = {}) =>
      transactionOptions.signal
        ? runTransaction(pool, fn, transactionOptions)
        : withDeadline(deadlineMs, unanswered(deadlineMs), (signal) => runTransaction(pool, fn, { ...transactionOptions, signal })),
    async close() {
      await Promise.all([pool.end(), readers.end()]);
    },
  };
}

function createPool(url: string, { applicationName, deadlineMs, logger }: StoreOptions, config: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: applicationName ?? 'amc-reports-collector',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    // Of a process that vanished in the middle of a transaction, the locks must not stay until the network notices.
    idle_in_transaction_session_timeout: deadlineMs ?? DEADLINE_MS,
    ...config,
  });
  // A server that dies says so at any moment, also in the same packet that makes a connection ready, before its borrower can listen.
  // Unheard, that would end the process; whoever uses the connection learns it from its next statement.
  pool.on('connect', (client) => client.on('error', () => undefined));
  // An idle connection that breaks is replaced at the next use; unheard, its error would end the process.
  pool.on('error', (error) => logger?.warn({ err: error }, 'An idle database connection was lost; a new one is made when needed.'));
  return pool;
}

/**
 * Gives every single statement of the pool a deadline on our side. The driver's own setting for all statements of a pool would also end
 * those of transactions, some of which may take minutes: they are ended by their transaction's signal.
 */
function boundStatements(pool: pg.Pool, deadlineMs: number): void {
  const query = pool.query.bind(pool) as (config: object) => Promise<pg.QueryResult>;
  const bounded = (text: string | object, values?: unknown[]): Promise<pg.QueryResult> =>
    query({ ...(typeof text === 'string' ? { text, ...(values && { values }) } : text), query_timeout: deadlineMs });
  pool.query = bounded as typeof pool.query;
}

const unanswered = (ms: number): CollectorError =>
  new CollectorError(
    'database_unavailable',
    `The database did not finish within ${Math.round(ms / 1000)} s. Nothing was changed; it is tried again.`,
  );

async function waitForDatabase(pool: pg.Pool, name: string, { logger, waitMs = 60_000, signal }: StoreOptions): Promise<void> {
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
        const message = `The database at ${name} refuses us: ${reason}. Check the user, password and database name in DATABASE_URL.`;
        throw new CollectorError('database_unavailable', message, { kind: 'terminal', cause: error });
      }
      if (Date.now() >= remindAt) {
        logger?.warn({ reason }, `Waiting for the database at ${name} …`);
        remindAt = Date.now() + REMIND_EVERY_MS;
      }
      if (Date.now() >= deadline) {
        const message = `No database answers at ${name} after ${Math.round(waitMs / 1000)} s (${reason}). Start it, or correct DATABASE_URL.`;
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

async function runTransaction<T>(pool: pg.Pool, fn: (tx: pg.PoolClient) => Promise<T>, options: TransactionOptions): Promise<T> {
  const { isolation = 'read committed', retries = 3, signal } = options;
  for (let attempt = 0; ; attempt++) {
    try {
      return await withConnection(pool, signal, async (tx) => {
        await tx.query(`BEGIN ISOLATION LEVEL ${isolation}`);
        const result = await fn(tx);
        await tx.query('COMMIT');
        return result;
      });
    } catch (error) {
      if (!isRetryable(error) || attempt >= retries) throw classify(error);
      await sleep(Math.random() * 50 * 2 ** attempt, undefined, signal ? { signal } : {});
    }
  }
}

/**
 * Lends a connection to fn and takes it back clean: after an error it is rolled back, and thrown away when even that fails.
 * Aborting the signal cancels the running statement, and cuts the connection when that brings no end.
 */
export async function withConnection<T>(pool: pg.Pool, signal: AbortSignal | undefined, fn: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
  signal?.throwIfAborted();
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error): void => void (broken = error);
  client.on('error', onError);
  const stopListening = signal ? cancelOnAbort(pool, client, signal) : undefined;
  try {
    return await fn(client);
  } catch (error) {
    const rollback = { text: 'ROLLBACK', query_timeout: ROLLBACK_MS };
    if (!broken) await client.query(rollback).catch((failure: Error) => void (broken = failure));
    signal?.throwIfAborted();
    throw error;
  } finally {
    await stopListening?.();
    client.off('error', onError);
    client.release(broken);
  }
}

/** Host, port and database of a connection string, without user and password. */
function describe(url: string): string {
  try {
    const { host, pathname } = new URL(url);
    return `${host || 'the local socket'}${pathname}`;
  } catch {
    return 'the address in DATABASE_URL';
  }
}
