import type pg from 'pg';
import { CollectorError } from '../../contract/error.ts';
import { classify } from './errors.ts';
import { READER_ROLE } from './reader-role.ts';
import { withConnection } from './connection.ts';
import { begin, TransactionPool } from './transaction-pool.ts';
import type { Store } from './store.ts';

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
      await begin(store.readers, tx, READ_ONLY, scopeSettings(instanceIds, timeoutMs, grouping));
      const result = await fn(store.readers instanceof TransactionPool ? unnamed(tx) : tx);
      await tx.query('COMMIT');
      return result;
    });
  } catch (error) {
    throw classify(error);
  }
}

const READ_ONLY = 'ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** What a reading transaction begins with; the ids were proven to be digits. The policies read app.scope; LOCAL ends all with the transaction. */
const scopeSettings = (instanceIds: readonly string[], timeoutMs: number, grouping: boolean): string[] => [
  `SET LOCAL ROLE ${READER_ROLE}`,
  `SET LOCAL app.scope = '${instanceIds.join(',')}'`,
  `SET LOCAL statement_timeout = ${Math.max(1, Math.round(timeoutMs))}`,
  ...(grouping ? GROUPING : []),
];

/** A statement is kept by its name on the connection that prepared it; behind a pooler the next transaction may have another one. */
function unnamed(tx: pg.PoolClient): ReadTransaction {
  const query = (statement: string | pg.QueryConfig, values?: unknown[]): Promise<pg.QueryResult> =>
    typeof statement === 'string' ? tx.query(statement, values) : tx.query({ ...statement, name: undefined });
  return { query: query as ReadTransaction['query'] };
}

/** How PostgreSQL is to plan statements that group many rows (docs/adr/0021-answers-hash.md). */
const GROUPING = [
  // All rows of a range are added up, in no order: through a bitmap they are read as they lie, in 16 ms where an index on names took 25.
  'SET LOCAL enable_indexscan = off',
  // Conditions on instance, month and week overlap, so that PostgreSQL expects a fiftieth of the rows there are, or one, and would sort
  // them to group them and loop over them to join. Hashing does both in less time, for any range, so that plans can be kept.
  'SET LOCAL enable_sort = off',
  'SET LOCAL enable_nestloop = off',
];
