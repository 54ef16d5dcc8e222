import type pg from 'pg';
import { cancelOnAbort } from './cancel.ts';

const ROLLBACK_MS = 5_000;

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
