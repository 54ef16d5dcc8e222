import { pipeline } from 'node:stream/promises';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Column, Dataset } from '../../catalogue/dataset.ts';
import { storedName } from '../../catalogue/tables.ts';
import { CollectorError } from '../../../contract/error.ts';
import { crashInside } from '../../../ground/crash-point.ts';
import { copyBody, copyOptions } from '../../resultfile/copy.ts';
import { matchHeader } from '../../resultfile/header.ts';
import type { ScannedPart } from '../../resultfile/spool.ts';
import { tableShape } from '../table-shape.ts';
import { addedColumns, extraOf, stagedAdded } from './added-columns.ts';
import { explainCopyError } from './copy-error.ts';
import { rowKey, STAGED, STAGED_WEEK, stagedName } from './expressions.ts';
import type { MergeInput } from './input.ts';

/** How whole numbers are read: 'numeric' takes 12.0 and 1.2E7 too, and must be checked before the cast. */
type IntegersAs = 'bigint' | 'numeric';

/**
 * Copies every part into a table of this transaction's own, typed and with the row key made on the way.
 * Whole numbers are read as bigint, which is fast and refuses NaN; a file that writes them otherwise is read a second time.
 * @throws CollectorError result_header, result_value
 */
export async function stage(tx: pg.PoolClient, input: MergeInput): Promise<void> {
  const added = addedColumns(input);
  const orders = input.parts.map((part) => columnOrder(input.dataset, part, added));
  await tx.query('SAVEPOINT staging');
  try {
    await copyParts(tx, input, orders, added, 'bigint');
  } catch (error) {
    if (!isNumberError(error)) throw error;
    await tx.query('ROLLBACK TO SAVEPOINT staging');
    await copyParts(tx, input, orders, added, 'numeric');
    for (const column of input.dataset.columns) if (column.type === 'integer') await assertWhole(tx, column);
  }
}

/** The part's columns by the names of the staging table, in the order of the file. */
function columnOrder({ columns }: Dataset, part: ScannedPart, added: readonly string[]): string[] {
  return matchHeader(columns, part.header, part.name).map((index, at) =>
    index === undefined ? stagedAdded(added.indexOf(part.header[at]!.trim())) : stagedName(columns[index]!),
  );
}

async function copyParts(
  tx: pg.PoolClient,
  { dataset, parts }: MergeInput,
  orders: string[][],
  added: readonly string[],
  integersAs: IntegersAs,
): Promise<void> {
  await createStagingTable(tx, dataset, added, integersAs);
  for (const [index, part] of parts.entries()) {
    const columns = orders[index]!;
    const copy = tx.query(
      copyFrom(`COPY ${STAGED} (${columns.join(', ')}) FROM STDIN WITH (${copyOptions(part)}, FORCE_NULL (${columns.join(', ')}))`),
    );
    try {
      await pipeline(crashInside('merge.insideCopy', copyBody(part)), copy);
    } catch (error) {
      throw isNumberError(error) && integersAs === 'bigint' ? error : explainCopyError(error, dataset, part);
    }
    if (copy.rowCount !== part.rows) {
      const message = `${part.name} holds ${part.rows} rows, but the database read ${copy.rowCount}. The file was refused; nothing was changed.`;
      throw new CollectorError('result_value', message);
    }
  }
}

function createStagingTable(tx: pg.PoolClient, dataset: Dataset, added: readonly string[], integersAs: IntegersAs): Promise<unknown> {
  const shape = tableShape(dataset);
  const columns = [
    ...(shape.day ? [`${shape.day} date`] : []),
    ...(dataset.columns.some(({ role }) => role === 'week') ? [`${STAGED_WEEK} date`] : []),
    ...shape.texts.map((name) => `${name} text${defaultOf(dataset, name)}`),
    ...(shape.filtered ? [`${shape.filtered} boolean`] : []),
    ...shape.numbers.map((column) => `${storedName(column)} ${column.type === 'integer' ? integersAs : 'numeric'}`),
    ...added.map((_, index) => `${stagedAdded(index)} text`),
    `extra jsonb${added.length > 0 ? ` GENERATED ALWAYS AS (${extraOf(added)}) STORED` : ''}`,
    `row_key bigint GENERATED ALWAYS AS (${rowKey(shape)}) STORED`,
  ];
  return tx.query(`CREATE TEMPORARY TABLE ${STAGED} (${columns.join(', ')}) ON COMMIT DROP`);
}

/** What files do not tell of a column, since it is the same in every row. */
function defaultOf({ columns }: Dataset, name: string): string {
  const value = columns.find((column) => storedName(column) === name)?.value;
  return value === undefined ? '' : ` DEFAULT '${value.replaceAll("'", "''")}'`;
}

async function assertWhole(tx: pg.PoolClient, column: Column): Promise<void> {
  const name = storedName(column);
  const { rows } = await tx.query<{ value: string }>(
    `SELECT ${name}::text AS value FROM ${STAGED} WHERE ${name} <> trunc(${name}) OR abs(${name}) > 9223372036854775807 LIMIT 1`,
  );
  const [odd] = rows;
  if (odd === undefined) return;
  const message = `Column ${column.name} holds ${odd.value}, which is not a whole number of at most 64 bits. The file was refused; nothing was changed.`;
  throw new CollectorError('result_value', message, { details: { column: column.name } });
}

/** Text that is no such number, or one too large. */
const isNumberError = (error: unknown): boolean => ['22P02', '22003'].includes((error as { code?: string }).code ?? '');
