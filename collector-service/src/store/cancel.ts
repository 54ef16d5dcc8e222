import pg from 'pg';

/**
 * Cancels whatever the connection is doing when the signal aborts. The cancelling goes over a connection of its own:
 * the pool may be exhausted by the very statements that are to be ended.
 * @returns stops listening, and waits for a cancel under way so that it cannot hit the connection's next user
 */
export function cancelOnAbort(pool: pg.Pool, client: pg.PoolClient, signal: AbortSignal): () => Promise<void> {
  let cancelling: Promise<void> | undefined;
  const onAbort = (): void => {
    cancelling = cancelBackend(pool.options, (client as unknown as { processID: number }).processID);
  };
  signal.addEventListener('abort', onAbort, { once: true });
  return async () => {
    signal.removeEventListener('abort', onAbort);
    await cancelling;
  };
}

async function cancelBackend(options: pg.PoolOptions, processId: number): Promise<void> {
  const canceller = new pg.Client({ ...options, connectionTimeoutMillis: 5_000 });
  canceller.on('error', () => undefined);
  try {
    await canceller.connect();
    await canceller.query('SELECT pg_cancel_backend($1)', [processId]);
  } catch {
    // The statement's own deadline ends it then.
  } finally {
    await canceller.end().catch(() => undefined);
  }
}
