import type pg from 'pg';
import { factTable } from '../../catalogue/tables.ts';
import { crashPoint } from '../../../ground/crash-point.ts';
import { tableShape } from '../table-shape.ts';
import { CHANGED, findDuplicates } from './compare.ts';
import { factColumns, STAGED, storedRow } from './expressions.ts';
import type { MergeInput, WeekChange } from './input.ts';

/** Of a table that is spread over machines, Citus passes the other machine's refusal on as an error without a code of its own (XX000). */
const MAY_BE_DUPLICATE = new Set(['23505', 'XX000']);

/**
 * Rows of a week that has none yet: a plain insert, nearly as fast as COPY. The primary key finds duplicates for nothing;
 * the savepoint lets us say which.
 * @throws CollectorError result_duplicate_keys
 */
export async function insertWeek(tx: pg.PoolClient, input: MergeInput): Promise<void> {
  await tx.query('SAVEPOINT inserting');
  try {
    await insertStaged(tx, input);
    crashPoint('merge.afterInsert');
  } catch (error) {
    if (!MAY_BE_DUPLICATE.has((error as { code?: string }).code ?? '')) throw error;
    await tx.query('ROLLBACK TO SAVEPOINT inserting');
    throw (await findDuplicates(tx, input)) ?? error;
  }
}

/** Writes what differs and removes what is gone, of this week only. */
export async function applyChange(tx: pg.PoolClient, input: MergeInput, change: WeekChange): Promise<void> {
  if (change.rowsVanished > 0) await deleteVanished(tx, input);
  crashPoint('merge.afterDelete');
  await upsertChanged(tx, input);
  crashPoint('merge.afterUpsert');
}

const insertStaged = (tx: pg.PoolClient, { dataset, instanceId, week }: MergeInput) => {
  const shape = tableShape(dataset);
  return tx.query(
    `INSERT INTO ${factTable(dataset)} (instance_id, week, ${factColumns(shape).join(', ')})
     SELECT $1, $2, ${storedRow(shape).join(', ')} FROM ${STAGED} ORDER BY row_key`,
    [instanceId, week],
  );
};

const upsertChanged = (tx: pg.PoolClient, { dataset, instanceId, week }: MergeInput) => {
  const shape = tableShape(dataset);
  const columns = factColumns(shape);
  return tx.query(
    `INSERT INTO ${factTable(dataset)} (instance_id, week, ${columns.join(', ')})
     SELECT $1, $2, ${storedRow(shape).join(', ')} FROM ${STAGED} WHERE row_key IN (SELECT row_key FROM ${CHANGED})
     ON CONFLICT (instance_id, week, row_key) DO UPDATE SET ${columns
       .slice(1)
       .map((name) => `${name} = EXCLUDED.${name}`)
       .join(', ')}`,
    [instanceId, week],
  );
};

/**
 * By the keys found before, bound to the week: MERGE … NOT MATCHED BY SOURCE would read the whole table (reference: week merge), and an
 * anti-join with the staged rows is refused where the table is distributed and they are not.
 */
const deleteVanished = (tx: pg.PoolClient, { dataset, instanceId, week }: MergeInput) =>
  tx.query(
    `DELETE FROM ${factTable(dataset)} WHERE instance_id = $1 AND week = $2 AND row_key IN (SELECT row_key FROM ${CHANGED} WHERE vanished)`,
    [instanceId, week],
  );
