import type pg from 'pg';

/** What jobs stand on; data/store has it. */
export interface JobStore {
  pool: pg.Pool;
  /** For the library's own statements, some of which begin and commit a transaction in one text. */
  sessions: pg.Pool;
  /** Runs fn in a transaction of its own: commits what it did, or rolls everything back and throws. */
  transaction<T>(fn: (tx: pg.PoolClient) => Promise<T>): Promise<T>;
}
