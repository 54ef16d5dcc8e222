import type { Tx } from '../../../ground/database.ts';
import type { Manifest } from '../manifest.ts';

type Sequence = Manifest['sequences'][number];

/** The newest ids of the tables' identity columns. Sequences know no snapshot: read after it, they are never too low. */
export async function readSequences(tx: Tx, tables: readonly string[]): Promise<Sequence[]> {
  const { rows } = await tx.query<Sequence>(
    `SELECT c.relname AS table, a.attname AS column, pg_sequence_last_value(pg_get_serial_sequence(quote_ident(c.relname), a.attname)::regclass)::text AS last
       FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attidentity <> '' AND NOT a.attisdropped
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY ($1) ORDER BY 1, 2`,
    [tables],
  );
  return rows;
}

/** The next id is the one after `newest`. */
export const setSequence = (tx: Tx, { table, column }: Pick<Sequence, 'table' | 'column'>, newest: bigint) =>
  tx.query('SELECT setval(pg_get_serial_sequence(quote_ident($1), $2), $3)', [table, column, String(newest)]);
