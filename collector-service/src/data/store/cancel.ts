import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { backendOf, TransactionPool, type Backend } from './transaction-pool.ts';

/** How long the server may take to be told, and then to end the statement, before the connection counts as dead. */
const TELL_MS = 5_000;
const END_MS = 5_000;

/**
 * Cancels whatever the connection is doing when the signal aborts. The cancelling goes over a connection of its own:
 * the pool may be exhausted by the very statements that are to be ended. A connection on which nothing ends even so is cut
 * (a client that is ended amid a statement says no farewell): its other end may have vanished without a word.
 * @returns stops listening, and waits for a cancel under way so that it cannot hit the connection's next user
 */
export function cancelOnAbort(pool: pg.Pool, client: pg.PoolClient, signal: AbortSignal): () => Promise<void> {
  const ended = new AbortController();
  let cancelling: Promise<void> | undefined;
  const onAbort = (): void => {
    const backend = backendOf(pool, client);
    cancelling = backend ? cancelBackend(pool instanceof TransactionPool ? pool.direct : pool.options, backend) : Promise.resolve();
    void cancelling
      .then(() => sleep(END_MS, undefined, { signal: ended.signal }))
      .then(() => client.end())
      .catch(() => undefined);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return async () => {
    ended.abort();
    signal.removeEventListener('abort', onAbort);
    await cancelling;
  };
}

async function cancelBackend(options: pg.PoolConfig, { pid, since }: Backend): Promise<void> {
  const canceller = new pg.Client({ ...options, connectionTimeoutMillis: TELL_MS, query_timeout: TELL_MS });
  canceller.on('error', () => undefined);
  try {
    await canceller.connect();
    // A process that a pooler lends works for the next one as soon as a transaction ends: it is ours as long as it is in that one.
    if (since === undefined) await canceller.query('SELECT pg_cancel_backend($1)', [pid]);
    else await canceller.query('SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND xact_start = $2', [pid, since]);
  } catch {
    // The statement's own deadline ends it then, or the cut does.
  } finally {
    void canceller.end();
  }
}
