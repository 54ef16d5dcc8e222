import type { ReadTransaction } from '../../../data/store/scope.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { factTable, storedName } from '../../../data/catalogue/tables.ts';
import { CHANGED } from '../../../data/store/merge/compare.ts';
import { STAGED, storedNumber, storedText } from '../../../data/store/merge/expressions.ts';
import type { WeekChange } from '../../../data/store/merge/input.ts';
import type { RowKind } from '../../../contract/held-rows.ts';
import { tableShape } from '../../../data/store/table-shape.ts';
import type { Tx } from '../../../ground/database.ts';

/** Rows of a kind that are listed at most. A file with more is another file altogether: its first rows and its totals say so. */
export const LISTED_AT_MOST = 100_000;

export interface Difference {
  servedVersion: string;
  change: WeekChange;
}

export async function selectDifference(tx: Tx, runId: string): Promise<Difference | undefined> {
  const { rows } = await tx.query<Difference>(
    'SELECT served_version::text AS "servedVersion", change FROM held_differences WHERE run_id = $1',
    [runId],
  );
  return rows[0];
}

/** Its rows go with it. */
export const deleteDifference = (tx: Tx, runId: string) => tx.query('DELETE FROM held_differences WHERE run_id = $1', [runId]);

/**
 * The row goes in before the work, so that of two readers who ask at once one waits here. Under repeatable read it is then told
 * that the other was first (40001) and starts over, to find the work done; plain INSERT would fail instead.
 */
export const claimDifference = (tx: Tx, runId: string, instanceId: string, servedVersion: string) =>
  tx.query(
    `INSERT INTO held_differences (run_id, instance_id, served_version, change) VALUES ($1, $2, $3, '{}') ON CONFLICT (run_id) DO NOTHING`,
    [runId, instanceId, servedVersion],
  );

export const writeChange = (tx: Tx, runId: string, change: WeekChange) =>
  tx.query('UPDATE held_differences SET change = $2 WHERE run_id = $1', [runId, JSON.stringify(change)]);

/** A decision that was committed meanwhile makes the work worthless, and one that comes now waits for our commit. @returns whether it is still open */
export async function isUndecided(tx: Tx, runId: string): Promise<boolean> {
  const { rowCount } = await tx.query('SELECT FROM held_runs WHERE run_id = $1 AND decision IS NULL FOR SHARE', [runId]);
  return rowCount === 1;
}

/** What a listed row holds, by place: names of its keys and of its numbers. */
export interface RowShape {
  keys: string[];
  numbers: string[];
}

/** Of a dataset version, whose columns never change once it has a table. */
export function rowShape(dataset: Dataset): RowShape {
  const { day, texts, filtered, numbers } = tableShape(dataset);
  return { keys: [...(day ? [day] : []), ...texts, ...(filtered ? [filtered] : [])], numbers: numbers.map(storedName) };
}

/**
 * Writes the rows in which the staged file (STAGED, and CHANGED of compareWithStored) differs from what is served. They are
 * numbered by how much they move the week: the sum over columns of |after - before| as a share of the week's sum of that column,
 * in the row's own currency. Values are kept as arrays: a JSON object per row took five times as long. What is served is read once,
 * for itself: where the table is distributed it cannot be joined with tables that are not.
 */
export function writeRows(tx: Tx, runId: string, dataset: Dataset, instanceId: string, week: string): Promise<unknown> {
  const { day, texts, filtered, currency, numbers } = tableShape(dataset);
  const served = {
    keys: [...(day ? [`f.${day}::text`] : []), ...texts.map((name) => `f.${name}`), ...(filtered ? [`f.${filtered}::text`] : [])],
    numbers: numbers.map((column) => `f.${storedName(column)}`),
    currency: currency ? `f.${currency}` : `''`,
  };
  const text = (name: string): string => storedText(`s.${name}`, filtered && `s.${filtered}`);
  const staged = {
    keys: [...(day ? [`s.${day}::text`] : []), ...texts.map(text), ...(filtered ? [`coalesce(s.${filtered}, false)::text`] : [])],
    numbers: numbers.map((column) => `(${storedNumber(column, `s.${storedName(column)}`)})`),
    currency: currency ? text(currency) : `''`,
  };
  const array = (values: readonly string[], type: string): string => `ARRAY[${values.join(', ')}]::${type}[]`;
  const sums = (values: readonly string[]): string =>
    values.map((value, index) => `, sum(abs((${value})::numeric))::float8 AS total_${index}`).join('');
  const moves = numbers.map((_, index) => {
    const [before, after] = ['before', 'after'].map((side) => `coalesce(${side}[${index + 1}], 0)::float8`);
    return `coalesce(abs(${after} - ${before}) / nullif(total_${index}, 0), 0)`;
  });
  return tx.query(
    `WITH served AS MATERIALIZED (
       SELECT * FROM ${factTable(dataset)} WHERE instance_id = $2 AND week = $3
     ), sums AS (
       SELECT ${served.currency} AS currency${sums(served.numbers)} FROM served f GROUP BY 1
       UNION ALL
       SELECT ${staged.currency}${sums(staged.numbers)} FROM ${STAGED} s GROUP BY 1
     ), scale AS (
       SELECT currency${numbers.map((_, index) => `, max(total_${index}) AS total_${index}`).join('')} FROM sums GROUP BY currency
     ), pairs AS (
       SELECT CASE WHEN c.added THEN 'added' ELSE 'changed' END AS kind, c.row_key, ${staged.currency} AS currency, ${array(staged.keys, 'text')} AS keys,
              CASE WHEN NOT c.added THEN ${array(served.numbers, 'numeric')} END AS before, ${array(staged.numbers, 'numeric')} AS after,
              f.extra AS extra_before, s.extra AS extra_after
         FROM ${CHANGED} c JOIN ${STAGED} s ON s.row_key = c.row_key
         LEFT JOIN served f ON f.row_key = c.row_key
       UNION ALL
       SELECT 'vanished', f.row_key, ${served.currency}, ${array(served.keys, 'text')}, ${array(served.numbers, 'numeric')}, NULL, f.extra, NULL
         FROM ${CHANGED} c JOIN served f ON f.row_key = c.row_key WHERE c.vanished
     ), ranked AS (
       SELECT pairs.*, row_number() OVER (PARTITION BY kind ORDER BY ${moves.join(' + ')} DESC, row_key) AS row_no
         FROM pairs LEFT JOIN scale ON scale.currency = pairs.currency
     )
     INSERT INTO held_rows (run_id, instance_id, kind, row_no, keys, before, after, extra_before, extra_after)
     SELECT $1, $2, kind, row_no, keys, before, after, extra_before, extra_after FROM ranked WHERE row_no <= ${LISTED_AT_MOST}`,
    [runId, instanceId, week],
  );
}

/** Values by place, as RowShape names them; numbers are exact decimals, null arrays when there is no such row on that side. */
export interface DifferingRow {
  row: number;
  keys: (string | null)[];
  before: (string | null)[] | null;
  after: (string | null)[] | null;
  extraBefore: string | null;
  extraAfter: string | null;
}

/** A page of listed rows: a range of the primary key. */
export async function selectRows(tx: ReadTransaction, runId: string, kind: RowKind, above: number, limit: number): Promise<DifferingRow[]> {
  const { rows } = await tx.query<DifferingRow>(
    `SELECT row_no AS row, keys, ${trimmed('before')} AS before, ${trimmed('after')} AS after,
            extra_before::text AS "extraBefore", extra_after::text AS "extraAfter"
       FROM held_rows WHERE run_id = $1 AND kind = $2 AND row_no > $3 ORDER BY row_no LIMIT $4`,
    [runId, kind, above, limit],
  );
  return rows;
}

/** As text without zeros that say nothing, so that equal numbers are equal texts. */
const trimmed = (side: string): string =>
  `CASE WHEN ${side} IS NOT NULL THEN ARRAY(SELECT trim_scale(n)::text FROM unnest(${side}) WITH ORDINALITY AS u (n, place) ORDER BY place) END`;
