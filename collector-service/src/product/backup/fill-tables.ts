import { CollectorError } from '../../contract/error.ts';
import { findUnprotected, protectStatements } from '../../data/store/protection.ts';
import type { Tx } from '../../ground/database.ts';
import type { OnProgress } from './context.ts';
import { createTable, finishTable } from './dataset-shape.ts';
import type { Manifest, TableFile } from './manifest.ts';
import { forcedTables, hasRows, listTables, quoted, references, setForced } from './statements/tables.ts';
import { readTable } from './table-file.ts';

/**
 * Makes the datasets' tables, brings every table's rows from its file, those first that others refer to, and protects all of them.
 * @returns tables of the back-up that are none of ours: somebody else's beside them, which no migration makes
 */
export async function fillTables(
  tx: Tx,
  { tables }: Manifest,
  pathOf: (file: string) => string,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<{ leftOut: string[] }> {
  for (const { name, shape } of tables) if (shape) await createTable(tx, name, shape);
  const made = new Set((await listTables(tx)).map(({ name }) => name));
  const ours = inOrder(
    tables.filter(({ name }) => made.has(name)),
    await references(tx),
  );
  const forced = await forcedTables(tx);
  for (const table of forced) await setForced(tx, table, false);
  for (const [index, table] of ours.entries()) {
    if (await hasRows(tx, table.name))
      throw new CollectorError('conflict', `The database is not empty: ${table.name} has rows. Restore into a new one.`);
    const rows = await readTable(tx, table, pathOf(table.file), signal);
    if (rows !== table.rows) throw lost(table, rows);
    if (table.shape) await finishTable(tx, table.name, table.shape);
    await onProgress({ step: 'reading', table: table.name, done: index + 1, total: ours.length, rows, bytes: table.bytes });
  }
  for (const table of forced) await setForced(tx, table, true);
  for (const missing of await findUnprotected(tx)) for (const statement of protectStatements(missing)) await tx.query(statement);
  for (const { name } of ours) await tx.query(`ANALYZE ${quoted(name)}`);
  return { leftOut: tables.filter(({ name }) => !made.has(name)).map(({ name }) => name) };
}

/** Each table after those it refers to. */
function inOrder(tables: readonly TableFile[], refers: readonly [string, string][]): TableFile[] {
  const waiting = new Map(tables.map((table) => [table.name, table]));
  const ordered: TableFile[] = [];
  while (waiting.size > 0) {
    const ready = [...waiting.values()].filter(({ name }) => !refers.some(([from, to]) => from === name && waiting.has(to)));
    if (ready.length === 0)
      throw new CollectorError('internal', `Tables refer to each other in a circle: ${[...waiting.keys()].join(', ')}.`);
    for (const table of ready) waiting.delete(table.name);
    ordered.push(...ready);
  }
  return ordered;
}

const lost = ({ name, rows: expected, file }: TableFile, rows: number): CollectorError =>
  new CollectorError('result_value', `${file} gave ${rows} rows of ${name} instead of ${expected}. Nothing was restored.`);
