import type { Tx } from '../../ground/database.ts';
import type { TableShape } from './manifest.ts';
import { quoted } from './statements/tables.ts';

/** A dataset version's table as it was when it was backed up: the version's file may be gone, and a newer collector would make another. */
export const createTable = (tx: Tx, name: string, { columns, options }: TableShape) =>
  tx.query(
    `CREATE TABLE ${quoted(name)} (${columns.map((column) => `${quoted(column.name)} ${column.type}${column.notNull ? ' NOT NULL' : ''}`).join(', ')})
     ${options.length > 0 ? `WITH (${options.join(', ')})` : ''}`,
  );

/** Keys and indexes come after the rows: made at once they take a fraction of the time. Row-level security follows (fill-tables.ts). */
export async function finishTable(tx: Tx, name: string, { primaryKey, indexes, rowKeys }: TableShape): Promise<void> {
  await tx.query(`ALTER TABLE ${quoted(name)} ADD ${primaryKey}`);
  for (const index of indexes) await tx.query(index);
  if (rowKeys !== null) await tx.query(`COMMENT ON COLUMN ${quoted(name)}.row_key IS '${rowKeys}'`);
}
