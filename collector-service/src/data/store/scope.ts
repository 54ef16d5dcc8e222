import type pg from 'pg';
import { CollectorError } from '../../contract/error.ts';
import { classify } from './errors.ts';
import { READER_ROLE } from './reader-role.ts';
import { withConnection, type Store } from './store.ts';

/** What a scoped read may do, one statement after the other. */
export type ReadTransaction = Pick<pg.ClientBase, 'query'>;

export interface ScopedReadOptions {
  /** Deadline of every statement; 10 s unless told. */
  timeoutMs?: number;
  signal?: AbortSignal | undefined;
  /** The statements group the rows of roll-ups and facts; others are planned as PostgreSQL sees fit. */
  grouping?: boolean;
}

/**
 * Runs fn where it sees the given instances and nothing else: one snapshot, read only, under a role that owns nothing,
 * with row-level security on every table it may read. Forgetting a WHERE yields fewer rows, never a stranger's.
 * The role is set for this transaction alone, so the connection goes back to the pool as it came.
 * @param instanceIds instances.id; none means that fn sees no row
 * @throws CollectorError timed_out, database_unavailable; invalid_request for an id that is no number
 */
export async function readScoped<T>(
  store: Pick<Store, 'readers'>,
  instanceIds: readonly string[],
  fn: (tx: ReadTransaction) => Promise<T>,
  { timeoutMs = 10_000, signal, grouping = false }: ScopedReadOptions = {},
): Promise<T> {
  for (const id of instanceIds) {
    if (!/^\d{1,19}$/.test(id))
      throw new CollectorError('invalid_request', 'The scope holds something that is no instance id.', { kind: 'bug' });
  }
  try {
    return await withConnection(store.readers, signal, async (tx) => {
      // Awaited before anything is asked: without its role and scope, a statement would see every row.
      await tx.query(begin(instanceIds, timeoutMs, grouping));
      const result = await fn(tx);
      await tx.query('COMMIT');
      return result;
    });
  } catch (error) {
    throw classify(error);
  }
}

/**
 * Everything a reading transaction begins with, in one round trip; the ids were proven to be digits. The policies read app.scope; LOCAL
 * ends all settings with the transaction.
 */
const begin = (instanceIds: readonly string[], timeoutMs: number, grouping: boolean): string =>
  [
    'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY',
    `SET LOCAL ROLE ${READER_ROLE}`,
    `SET LOCAL app.scope = '${instanceIds.join(',')}'`,
    `SET LOCAL statement_timeout = ${Math.max(1, Math.round(timeoutMs))}`,
    ...(grouping ? GROUPING : []),
  ].join('; ');

/** How PostgreSQL is to plan statements that group many rows (docs/adr/0021-answers-hash.md). */
const GROUPING = [
  // All rows of a range are added up, in no order: through a bitmap they are read as they lie, in 16 ms where an index on names took 25.
  'SET LOCAL enable_indexscan = off',
  // Conditions on instance, month and week overlap, so that PostgreSQL expects a fiftieth of the rows there are, or one, and would sort
  // them to group them and loop over them to join. Hashing does both in less time, for any range, so that plans can be kept.
  'SET LOCAL enable_sort = off',
  'SET LOCAL enable_nestloop = off',
];
