import pg from 'pg';
import { transactionSettings } from './connection-settings.ts';

/**
 * Connections of a pooler that lends PostgreSQL's for a transaction at a time (PgBouncer's transaction mode, and those like it). Outside
 * of a transaction nothing can be told to such a connection or kept on it: no setting, no named statement, no LISTEN, no session's lock.
 */
export class TransactionPool extends pg.Pool {
  /** How PostgreSQL itself is reached, for what must not wait for the pooler or needs a connection of its own. */
  readonly direct: pg.PoolConfig;
  /** What every transaction begins with. */
  readonly settings: string;

  constructor(config: pg.PoolConfig, { direct, deadlineMs }: { direct: pg.PoolConfig; deadlineMs: number }) {
    super(config);
    this.direct = direct;
    this.settings = transactionSettings(deadlineMs);
  }
}

/** The process at the server that works for a transaction. */
export interface Backend {
  pid: number;
  /** When the transaction began, as text; unset where the connection has the process for itself. */
  since?: string;
}

const lent = new WeakMap<pg.ClientBase, Backend>();

/**
 * Begins a transaction: its settings where the connection has none, then what the caller adds (SET LOCAL …), in one round trip.
 * @param mode isolation and access, as they follow BEGIN
 */
export async function begin(pool: pg.Pool, tx: pg.ClientBase, mode: string, more: readonly string[] = []): Promise<void> {
  if (!(pool instanceof TransactionPool)) {
    await tx.query([`BEGIN ${mode}`, ...more].join('; '));
    return;
  }
  const asked = [`BEGIN ${mode}`, pool.settings, ...more, 'SELECT pg_backend_pid() AS pid, now()::text AS since'].join('; ');
  // The driver answers several statements with as many results.
  const results = (await tx.query(asked)) as unknown as pg.QueryResult<Backend>[];
  lent.set(tx, results.at(-1)!.rows[0]!);
}

/**
 * The process that serves the connection; behind a pooler, that of the last transaction begun on it, if any. Elsewhere node-postgres
 * keeps it from PostgreSQL's greeting, but does not say so in its types; asking for it by a statement would cost every transaction a round
 * trip, and cannot be done once it waits.
 */
export function backendOf(pool: pg.Pool, client: pg.PoolClient): Backend | undefined {
  return pool instanceof TransactionPool ? lent.get(client) : { pid: greetedBy(client) };
}

/** The number of a process in the greeting; a pooler makes one up. */
export const greetedBy = (client: pg.ClientBase): number => (client as unknown as { processID: number }).processID;
