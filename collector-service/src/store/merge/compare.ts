import type pg from 'pg';
import { factTable, storedName } from '../../catalogue/tables.ts';
import { CollectorError } from '../../contract/error.ts';
import { tableShape } from '../table-shape.ts';
import { STAGED, storedNumber, storedText } from './expressions.ts';
import type { MergeInput, StagedWeek, WeekChange } from './input.ts';
import { storedTotals } from './totals.ts';

/** Keys of staged rows that the fact table lacks or holds with other values. */
export const CHANGED = 'changed_rows';

/**
 * What the staged rows would change of the served week, without changing it. Keys of rows to write are kept in CHANGED.
 * @param rowsBefore rows that are served, as counted when they were accepted
 * @throws CollectorError result_duplicate_keys
 */
export async function compareWithStored(tx: pg.PoolClient, input: MergeInput, staged: StagedWeek, rowsBefore: number): Promise<WeekChange> {
  if ((await countKeys(tx)) < staged.rows) {
    const duplicates = await findDuplicates(tx, input);
    if (duplicates) throw duplicates;
  }
  await tx.query(`CREATE TEMPORARY TABLE ${CHANGED} (row_key bigint, added boolean) ON COMMIT DROP`);
  await collectChanged(tx, input);
  const { added, changed } = await countChanged(tx);
  return {
    rowsBefore,
    rowsTotal: staged.rows,
    rowsAdded: added,
    rowsChanged: changed,
    // Keys are unique on both sides, so whatever is served and was not met again is gone.
    rowsVanished: rowsBefore - (staged.rows - added),
    totalsBefore: await storedTotals(tx, input),
    totalsAfter: staged.totals,
  };
}

/** The guard that leaves equal rows alone: their rewriting would be most of a restatement's log volume (reference: week merge). */
function collectChanged(tx: pg.PoolClient, { dataset, instanceId, week }: MergeInput): Promise<unknown> {
  const shape = tableShape(dataset);
  const differing = [
    ...shape.numbers.map((column) => `f.${storedName(column)} IS DISTINCT FROM ${storedNumber(column, `s.${storedName(column)}`)}`),
    ...shape.texts.map((name) => `f.${name} <> ${storedText(`s.${name}`, shape.filtered && `s.${shape.filtered}`)}`),
    'f.extra IS DISTINCT FROM s.extra',
  ];
  return tx.query(
    `INSERT INTO ${CHANGED} (row_key, added)
     SELECT s.row_key, f.row_key IS NULL
       FROM ${STAGED} s LEFT JOIN ${factTable(dataset)} f ON f.instance_id = $1 AND f.week = $2 AND f.row_key = s.row_key
      WHERE f.row_key IS NULL OR ${differing.join(' OR ')}`,
    [instanceId, week],
  );
}

async function countChanged(tx: pg.PoolClient): Promise<{ added: number; changed: number }> {
  const { rows } = await tx.query<{ added: string; changed: string }>(
    `SELECT count(*) FILTER (WHERE added) AS added, count(*) FILTER (WHERE NOT added) AS changed FROM ${CHANGED}`,
  );
  return { added: Number(rows[0]!.added), changed: Number(rows[0]!.changed) };
}

async function countKeys(tx: pg.PoolClient): Promise<number> {
  const { rows } = await tx.query<{ keys: string }>(`SELECT count(*) AS keys FROM (SELECT FROM ${STAGED} GROUP BY row_key) AS keys`);
  return Number(rows[0]!.keys);
}

/** The refusal that names two rows with one key, or nothing when every key is unique. */
export async function findDuplicates(tx: pg.PoolClient, { dataset }: Pick<MergeInput, 'dataset'>): Promise<CollectorError | undefined> {
  const { day, texts, filtered } = tableShape(dataset);
  const names = [...(day ? [day] : []), ...texts, ...(filtered ? [filtered] : [])];
  const { rows } = await tx.query<{ key: Record<string, unknown>; count: string }>(
    `SELECT json_build_object(${names.map((name) => `'${name}', min(${name}::text)`).join(', ')}) AS key, count(*) AS count
       FROM ${STAGED} GROUP BY row_key HAVING count(*) > 1 LIMIT 3`,
  );
  const first = rows[0];
  if (first === undefined) return undefined;
  const key = Object.entries(first.key)
    .map(([name, value]) => `${name}=${value === null ? 'empty' : JSON.stringify(value)}`)
    .join(', ');
  const message = `The result holds ${first.count} rows for the same key (${key}), so it is not clear which is right. Check that the query groups by every key and dimension. The file was refused; nothing was changed.`;
  return new CollectorError(message, {
    code: 'result_duplicate_keys',
    kind: 'data',
    status: 422,
    details: { duplicates: rows.map((row) => row.key) },
  });
}
