import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { withConnection } from './connection.ts';
import { unanswered, withDeadline } from './deadline.ts';
import { classify, isRetryable } from './errors.ts';
import { createPool, createTransactionPool, type PoolOptions } from './pool.ts';
import { assertDirect, assertSameDatabase } from './pooler.ts';
import { begin, TransactionPool } from './transaction-pool.ts';
import { waitForDatabase, type WaitOptions } from './wait.ts';
import type { Database, TransactionOptions } from '../../ground/database.ts';

export interface Store extends Database {
  close(): Promise<void>;
}

export interface StoreOptions extends WaitOptions {
  /**
   * PostgreSQL's own address, when the URL is that of a pooler in transaction mode: for migrations, LISTEN, the job queue and cancelling.
   * Everything else then goes through the pooler, in transactions, without named statements and start-up parameters.
   */
  directUrl?: string | undefined;
  /** Connections of this process at most, readers not counted; 10 unless told. */
  maxConnections?: number;
  /** Connections for reading at most; 5 unless told. None is made before something is read. */
  maxReaders?: number;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
  /**
   * How long a statement of a pool, or a transaction without a signal of its own, may go without an end; 60 s unless told. A
   * connection whose other end has vanished gives no sign by itself.
   */
  deadlineMs?: number;
}

const DEADLINE_MS = 60_000;
/** Past a pooler: one migrates, two listen, and the job queue asks now and then. */
const DIRECT_CONNECTIONS = 5;

/**
 * Connects, waiting for a database that is not there yet.
 * @throws CollectorError database_unavailable after waitMs (at once for a wrong password or name), database_too_old below PostgreSQL 16,
 *   config_invalid when a pooler stands where PostgreSQL is expected, or the two URLs lead to two databases
 */
export async function openStore(url: string, options: StoreOptions = {}): Promise<Store> {
  const { deadlineMs = DEADLINE_MS, maxConnections = 10, maxReaders = 5, directUrl, logger } = options;
  const pooling = { applicationName: options.applicationName ?? 'amc-reports-collector', deadlineMs, logger };
  const open = (more: Pick<PoolOptions, 'max' | 'queryTimeoutMs'>): pg.Pool =>
    directUrl === undefined ? createPool(url, { ...pooling, ...more }) : createTransactionPool(url, directUrl, { ...pooling, ...more });
  const pool = open({ max: maxConnections });
  const readers = open({ max: maxReaders, queryTimeoutMs: deadlineMs });
  const sessions = directUrl === undefined ? pool : createPool(directUrl, { ...pooling, max: DIRECT_CONNECTIONS });
  const close = async (): Promise<void> => void (await Promise.all([...new Set([pool, readers, sessions])].map((each) => each.end())));
  try {
    await waitForDatabase(sessions, directUrl ?? url, directUrl === undefined ? 'DATABASE_URL' : 'DATABASE_DIRECT_URL', options);
    await assertDirect(sessions, directUrl === undefined);
    if (pool instanceof TransactionPool) {
      await waitForDatabase(pool, url, 'DATABASE_URL', options);
      await assertSameDatabase(pool, sessions);
    }
  } catch (error) {
    await close();
    throw classify(error);
  }
  return {
    pool,
    readers,
    sessions,
    transaction: (fn, transactionOptions = {}) =>
      transactionOptions.signal
        ? runTransaction(pool, fn, transactionOptions)
        : withDeadline(deadlineMs, unanswered(deadlineMs), (signal) => runTransaction(pool, fn, { ...transactionOptions, signal })),
    close,
  };
}

async function runTransaction<T>(pool: pg.Pool, fn: (tx: pg.PoolClient) => Promise<T>, options: TransactionOptions): Promise<T> {
  const { isolation = 'read committed', retries = 3, signal } = options;
  for (let attempt = 0; ; attempt++) {
    try {
      return await withConnection(pool, signal, async (tx) => {
        await begin(pool, tx, `ISOLATION LEVEL ${isolation} READ WRITE`);
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
