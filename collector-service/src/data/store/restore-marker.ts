import type pg from 'pg';
import { CollectorError } from '../../contract/error.ts';

/**
 * Stands in a database from the first moment of a restore until the transaction that brings all of its rows: as long as it is there,
 * the database is half made, and nothing but the same restore may work with it.
 */
const MARKER = 'restore_under_way';

type Connection = Pick<pg.Pool | pg.PoolClient, 'query'>;

/** The back-up that is being restored into this database; undefined when none is. */
export async function restoreUnderWay(db: Connection): Promise<string | undefined> {
  const { rows } = await db.query<{ made: boolean }>('SELECT to_regclass($1) IS NOT NULL AS made', [MARKER]);
  if (!rows[0]!.made) return undefined;
  return (await db.query<{ backup: string }>(`SELECT backup FROM ${MARKER}`)).rows[0]?.backup;
}

/** One statement, so that the marker is there with its word or not at all. */
export const markRestore = (db: Connection, backup: string) =>
  db.query(`CREATE TABLE ${MARKER} AS SELECT '${uuid(backup)}'::text AS backup`);

/** First in the transaction that brings the rows: a second restore of the same back-up would bring them twice. @throws CollectorError conflict */
export async function takeRestore(tx: pg.PoolClient): Promise<void> {
  try {
    await tx.query(`LOCK TABLE ${MARKER} IN ACCESS EXCLUSIVE MODE NOWAIT`);
  } catch (error) {
    if (!['55P03', '42P01'].includes(String((error as { code?: unknown }).code))) throw error;
    throw new CollectorError('conflict', 'Another process restores into this database. Wait for it to end.', { cause: error });
  }
}

/** In the transaction that makes the database whole. */
export const unmarkRestore = (tx: pg.PoolClient) => tx.query(`DROP TABLE ${MARKER}`);

/** @throws CollectorError conflict */
export async function refuseHalfRestored(db: Connection): Promise<void> {
  if ((await restoreUnderWay(db)) === undefined) return;
  const message =
    'A restore into this database was begun and did not finish. Run `collector restore` with the same back-up again, or give it a new, empty database.';
  throw new CollectorError('conflict', message);
}

function uuid(text: string): string {
  if (/^[0-9a-f-]{36}$/.test(text)) return text;
  throw new CollectorError('internal', 'The id of a back-up is no UUID.');
}
