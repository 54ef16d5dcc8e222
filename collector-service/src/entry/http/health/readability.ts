import type pg from 'pg';
import { CollectorError } from '../../../contract/error.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { withDeadline } from '../../../data/store/deadline.ts';
import { assertReadable } from '../../../data/store/readable.ts';
import { withConnection } from '../../../data/store/connection.ts';

const DEADLINE_MS = 5_000;

const silent = () => new CollectorError('database_unavailable', 'The database does not answer.');

/**
 * Why questions cannot be answered although the database answers: the reader role may not read; null when it may.
 * @throws whatever a database that does not answer throws
 */
export async function readability(pool: pg.Pool, datasets: readonly Dataset[]): Promise<CollectorError | null> {
  try {
    await withDeadline(DEADLINE_MS, silent(), (signal) => withConnection(pool, signal, (db) => assertReadable(db, datasets)));
    return null;
  } catch (error) {
    if (error instanceof CollectorError && error.code === 'config_invalid') return error;
    throw error;
  }
}
