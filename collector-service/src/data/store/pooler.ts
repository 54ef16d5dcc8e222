import type pg from 'pg';
import { CollectorError } from '../../contract/error.ts';
import { withConnection } from './connection.ts';
import { backendOf, begin, greetedBy, type TransactionPool } from './transaction-pool.ts';

const SHARE_MS = 10_000;

/**
 * That the connections are PostgreSQL's own, or at least kept for us between transactions. A pooler greets with a process number of its
 * own making. In transaction mode it loses what a session is for (LISTEN, the lock of a migration) without a word.
 * @param onlyUrl no other address is known, so that a pooler of whatever mode is refused: it cannot be told for sure which it is
 * @throws CollectorError config_invalid
 */
export function assertDirect(pool: pg.Pool, onlyUrl: boolean): Promise<void> {
  return withConnection(pool, undefined, async (client) => {
    const before = await backendPid(client);
    if (before === greetedBy(client)) return;
    if (onlyUrl) throw poolerUnannounced();
    await withConnection(pool, undefined, async (other) => {
      // A pool that is too small to serve both keeps one of us waiting.
      await other.query({ text: 'BEGIN', query_timeout: SHARE_MS } as pg.QueryConfig);
      const taken = await backendPid(other);
      if (taken === before || (await backendPid(client)) !== before) throw directIsPooled();
    });
  });
}

/**
 * That both addresses lead to one database: the process that serves a transaction through the pooler is seen from the other side.
 * @throws CollectorError config_invalid
 */
export function assertSameDatabase(pool: TransactionPool, sessions: pg.Pool): Promise<void> {
  return withConnection(pool, undefined, async (tx) => {
    await begin(pool, tx, 'READ ONLY');
    const { pid, since } = backendOf(pool, tx)!;
    // Numbers of processes repeat from one container to the next; other logins' transactions are hidden (NULL).
    const { rowCount } = await sessions.query(
      'SELECT FROM pg_stat_activity WHERE pid = $1 AND datname = current_database() AND coalesce(xact_start = $2, true)',
      [pid, since],
    );
    await tx.query('COMMIT');
    if (rowCount === 0) throw twoDatabases();
  });
}

const backendPid = async (client: pg.ClientBase): Promise<number> =>
  (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!.pid;

const refuse = (message: string): CollectorError => new CollectorError('config_invalid', message);

const poolerUnannounced = () =>
  refuse(
    'DATABASE_URL leads to a connection pooler and not to PostgreSQL itself. Set DATABASE_DIRECT_URL to PostgreSQL’s own address: the ' +
      'collector migrates, listens and cancels over it, and sends everything else through the pooler. For a pooler in session mode it ' +
      'may be the same address (docs/operations.md, "Behind a connection pooler").',
  );
const directIsPooled = () =>
  refuse(
    'DATABASE_DIRECT_URL leads to a pooler that lends connections by the transaction, over which the collector can neither migrate nor ' +
      'listen. Set it to PostgreSQL’s own address, or to a pool in session mode.',
  );
const twoDatabases = () =>
  refuse('DATABASE_URL and DATABASE_DIRECT_URL lead to different databases. Both must name the same database of the same server.');
