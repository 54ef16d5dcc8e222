import type pg from 'pg';
import { factTable, storedName } from '../../catalogue/tables.ts';
import { CollectorError } from '../../../contract/error.ts';
import { tableShape } from '../table-shape.ts';
import { STAGED, storedNumber } from './expressions.ts';
import type { MergeInput, StagedWeek, WeekChange } from './input.ts';
import { storedTotals } from './totals.ts';

/** Keys in which the staged rows and the served ones differ: rows to add, to change, and rows that are gone. */
export const CHANGED = 'changed_rows';

/**
 * What the staged rows would change of the served week, without changing it. Keys of the rows concerned are kept in CHANGED.
 * @param rowsBefore rows that are served, as counted when they were accepted
 * @throws CollectorError result_duplicate_keys
 */
export async function compareWithStored(tx: pg.PoolClient, input: MergeInput, staged: StagedWeek, rowsBefore: number): Promise<WeekChange> {
  await tx.query(`CREATE TEMPORARY TABLE ${CHANGED} (row_key bigint, added boolean, vanished boolean) ON COMMIT DROP`);
  await collectChanged(tx, input);
  const { added, addedKeys, changed, vanished } = await countChanged(tx);
  // Keys of served rows are unique. Where no two staged rows share one either, as many rows of both sides have met.
  if (addedKeys < added || staged.rows - added !== rowsBefore - vanished) {
    const duplicates = await findDuplicates(tx, input);
    if (duplicates) throw duplicates;
  }
  return {
    rowsBefore,
    rowsTotal: staged.rows,
    rowsAdded: added,
    rowsChanged: changed,
    rowsVanished: vanished,
    totalsBefore: await storedTotals(tx, input),
    totalsAfter: staged.totals,
  };
}

/**
 * The guard that leaves equal rows alone: their rewriting would be most of a restatement's log volume (reference: week merge).
 * Texts need no comparing, they are all in the key.
 */
function collectChanged(tx: pg.PoolClient, { dataset, instanceId, week }: MergeInput): Promise<unknown> {
  const numbers = tableShape(dataset).numbers.map(
    (column) => `f.${storedName(column)} IS DISTINCT FROM ${storedNumber(column, `s.${storedName(column)}`)}`,
  );
  const differing = [...numbers, 'f.extra IS DISTINCT FROM s.extra'];
  return tx.query(
    `INSERT INTO ${CHANGED} (row_key, added, vanished)
     SELECT coalesce(s.row_key, f.row_key), f.row_key IS NULL, s.row_key IS NULL
       FROM ${STAGED} s FULL JOIN (SELECT * FROM ${factTable(dataset)} WHERE instance_id = $1 AND week = $2) f ON f.row_key = s.row_key
      WHERE f.row_key IS NULL OR s.row_key IS NULL OR ${differing.join(' OR ')}`,
    [instanceId, week],
  );
}

async function countChanged(tx: pg.PoolClient): Promise<Record<'added' | 'addedKeys' | 'changed' | 'vanished', number>> {
  const { rows } = await tx.query<Record<'added' | 'addedKeys' | 'changed' | 'vanished', string>>(
    `SELECT count(*) FILTER (WHERE added) AS added, count(DISTINCT row_key) FILTER (WHERE added) AS "addedKeys",
            count(*) FILTER (WHERE NOT added AND NOT vanished) AS changed, count(*) FILTER (WHERE vanished) AS vanished
       FROM ${CHANGED}`,
  );
  const { added, addedKeys, changed, vanished } = rows[0]!;
  return { added: Number(added), addedKeys: Number(addedKeys), changed: Number(changed), vanished: Number(vanished) };
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
  return new CollectorError('result_duplicate_keys', message, { details: { duplicates: rows.map((row) => row.key) } });
}
