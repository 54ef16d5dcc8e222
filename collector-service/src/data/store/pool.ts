import pg from 'pg';
import type { Logger } from 'pino';
import { withConnection } from './connection.ts';
import { sessionSettings } from './connection-settings.ts';
import { unanswered, withDeadline } from './deadline.ts';
import { begin, TransactionPool } from './transaction-pool.ts';

export interface PoolOptions {
  max: number;
  /** Shown in pg_stat_activity. */
  applicationName: string;
  /** How long a transaction may be left alone, and a single statement may go without an end, in milliseconds. */
  deadlineMs: number;
  /** A deadline in the driver for every statement, those of transactions too. */
  queryTimeoutMs?: number;
  logger?: Logger | undefined;
}

/** Connections to PostgreSQL itself, or a pooler in session mode. Each is told our settings once. */
export function createPool(url: string, options: PoolOptions): pg.Pool {
  const settings = { text: sessionSettings(options.deadlineMs), query_timeout: options.deadlineMs };
  const onConnect = (client: pg.ClientBase): Promise<unknown> => client.query(settings);
  const pool = new pg.Pool({ ...poolConfig(url, options), onConnect });
  boundStatements(pool, options.deadlineMs);
  return outlive(pool, options);
}

/** Connections to a pooler in transaction mode; every statement runs in a transaction, a single one in its own. */
export function createTransactionPool(url: string, directUrl: string, options: PoolOptions): TransactionPool {
  const direct = poolConfig(directUrl, options);
  const pool = new TransactionPool(poolConfig(url, options), { direct, deadlineMs: options.deadlineMs });
  wrapStatements(pool, options.deadlineMs);
  return outlive(pool, options);
}

const poolConfig = (url: string, { max, applicationName, queryTimeoutMs }: PoolOptions): pg.PoolConfig => ({
  connectionString: url,
  application_name: applicationName,
  connectionTimeoutMillis: 10_000,
  keepAlive: true,
  max,
  ...(queryTimeoutMs !== undefined && { query_timeout: queryTimeoutMs }),
});

function outlive<P extends pg.Pool>(pool: P, { logger }: PoolOptions): P {
  // A server that dies says so at any moment, also in the same packet that makes a connection ready, before its borrower can listen.
  // Unheard, that would end the process; whoever uses the connection learns it from its next statement.
  pool.on('connect', (client) => client.on('error', () => undefined));
  // An idle connection that breaks is replaced at the next use; unheard, its error would end the process.
  pool.on('error', (error) => logger?.warn({ err: error }, 'An idle database connection was lost; a new one is made when needed.'));
  return pool;
}

type Config = pg.QueryConfig & { query_timeout?: number };

const configOf = (query: string | object, values: unknown[] | undefined, deadlineMs: number): Config => ({
  ...(typeof query === 'string' ? { text: query, ...(values && { values }) } : (query as pg.QueryConfig)),
  query_timeout: deadlineMs,
});

/**
 * Gives every single statement of the pool a deadline on our side. The driver's own setting for all statements of a pool would also end
 * those of transactions, some of which may take minutes: they are ended by their transaction's signal.
 */
function boundStatements(pool: pg.Pool, deadlineMs: number): void {
  const query = pool.query.bind(pool) as (config: object) => Promise<pg.QueryResult>;
  const bounded = (text: string | object, values?: unknown[]) => query(configOf(text, values, deadlineMs));
  pool.query = bounded as typeof pool.query;
}

/** The same where a statement needs a transaction to have its settings. It costs two round trips more. */
function wrapStatements(pool: TransactionPool, deadlineMs: number): void {
  const wrapped = (text: string | object, values?: unknown[]) =>
    withDeadline(deadlineMs, unanswered(deadlineMs), (signal) =>
      withConnection(pool, signal, async (tx) => {
        await begin(pool, tx, 'READ WRITE');
        const result = await tx.query(configOf(text, values, deadlineMs));
        await tx.query('COMMIT');
        return result;
      }),
    );
  pool.query = wrapped as typeof pool.query;
}
