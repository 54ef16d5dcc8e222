import type pg from 'pg';
import type { Dataset } from '../catalogue/dataset.ts';
import { factTable, rollupTable } from '../catalogue/tables.ts';
import { CollectorError } from '../../contract/error.ts';
import { isUnreachable, messageOf } from './errors.ts';
import { findUnprotected } from './protection.ts';
import { READER_ROLE } from './reader-role.ts';
import { rollupGrains } from './table-shape.ts';

/** Read by every question, whatever its dataset. */
const ALWAYS = ['instances', 'report_data_weeks', 'week_runs', 'week_revisions'];

/**
 * Proves that questions can be answered: the policies are there, and the reader role, put on as for a question, may read every table
 * that a question about one of the datasets reads.
 * @throws CollectorError config_invalid with what to do; a database that does not answer throws its own error
 */
export async function assertReadable(db: pg.PoolClient, datasets: readonly Dataset[]): Promise<void> {
  const tables = [...ALWAYS, ...datasets.flatMap((dataset) => [factTable(dataset), ...rollupTables(dataset)])];
  const unprotected = await findUnprotected(db);
  if (unprotected.length > 0) throw unreadable(`${unprotected.map(({ table }) => table).join(', ')} lack grants or policies`);
  await assertSchemaOpen(db);
  try {
    await db.query('BEGIN TRANSACTION READ ONLY');
    await db.query(`SET LOCAL ROLE ${READER_ROLE}; SET LOCAL app.scope = ''`);
    await db.query(tables.map((table) => `SELECT FROM ${table} LIMIT 1`).join('; '));
  } catch (error) {
    if (isUnreachable(error)) throw error;
    throw unreadable(messageOf(error), error);
  } finally {
    // On a connection that is lost it fails as well; that one is thrown away (withConnection).
    await db.query('ROLLBACK').catch(() => undefined);
  }
}

/** Without it, tables would merely seem not to exist. */
async function assertSchemaOpen(db: pg.PoolClient): Promise<void> {
  const { rows } = await db.query<{ schema: string; open: boolean }>(
    `SELECT quote_ident(current_schema()) AS schema, has_schema_privilege($1, current_schema(), 'USAGE') AS open`,
    [READER_ROLE],
  );
  const { schema, open } = rows[0]!;
  if (open) return;
  const commands = `GRANT USAGE ON SCHEMA ${schema} TO ${READER_ROLE};`;
  const message = `The role ${READER_ROLE}, under which questions are answered, may not use the schema ${schema}. Ask the database's administrator to run: ${commands} Then start again.`;
  throw new CollectorError('config_invalid', message, { details: { commands } });
}

const rollupTables = (dataset: Dataset): string[] => rollupGrains(dataset).map(({ rollup, grain }) => rollupTable(dataset, rollup, grain));

function unreadable(reason: string, cause?: unknown): CollectorError {
  const message =
    `The role ${READER_ROLE}, under which questions are answered, cannot read the tables: ${reason}. ` +
    'Restart the collector, or run `collector migrate`, as the login that owns the tables: it makes role, grants and policies again.';
  return new CollectorError('config_invalid', message, { cause });
}
