import type pg from 'pg';

/** A transaction's connection. */
export type Tx = pg.PoolClient;

/** What use-cases need of the database; data/store makes it. */
export interface Database {
  pool: pg.Pool;
  /** For reading under a scope (data/store/scope.ts), so that answers wait for no merge's connection. */
  readers: pg.Pool;
  /** For what a connection must keep between transactions: LISTEN, a session's lock. Another pool than `pool` only behind a pooler. */
  sessions: pg.Pool;
  /**
   * Runs fn in a transaction of its own: commits what it did, or rolls everything back and throws.
   * Serialization failures and deadlocks run fn again (3 times unless told), so fn must have no effects outside the database.
   * Database errors arrive as CollectorError: conflict, timed_out, disk_full, database_unavailable. After a connection lost during
   * COMMIT nobody knows whether it happened; the caller's fence decides then.
   */
  transaction<T>(fn: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
}

export interface TransactionOptions {
  isolation?: 'read committed' | 'repeatable read' | 'serializable';
  retries?: number;
  /** Cancels the running statement and rolls back; the store's own deadline unless told. */
  signal?: AbortSignal | undefined;
}
