import type pg from 'pg';
import type { Column, Dataset, Rollup, RollupGrain } from '../../catalogue/dataset.ts';
import { hasWholeLevels, levelCondition, levelFor } from '../../catalogue/levels.ts';
import { rollupTable, storedName } from '../../catalogue/tables.ts';
import { CollectorError } from '../../../contract/error.ts';
import { rollupGrains } from '../dataset-tables.ts';
import { rollupTexts, tableShape } from '../table-shape.ts';
import { groupKey } from './expressions.ts';
import type { MergeInput, WeekChange } from './input.ts';
import { bucketsOfWeek, collectDayPieces, levelText, monthsOfWeek, pieceGrain, PIECES, pieceTexts } from './pieces.ts';

/**
 * Makes the week's rows of every roll-up what the staged rows add up to. A roll-up row belongs to one week alone, also in the
 * month tables, so that neighbouring weeks merging at the same time cannot lose each other's days.
 * Only rows that differ are written; a week that had none gets a plain insert.
 * @throws CollectorError result_value for a name too long for an index, or a sum too large for its column
 */
export async function rollUpWeek(tx: pg.PoolClient, input: MergeInput, change: WeekChange): Promise<void> {
  if (input.dataset.rollups.some((rollup) => pieceGrain(rollup) === 'day')) await collectDayPieces(tx, input);
  for (const { rollup, grain } of rollupGrains(input.dataset)) {
    const target = describeRollup(input, rollup, grain);
    // A group can only vanish with a row of it.
    if (change.rowsVanished > 0) await deleteStale(tx, target, input);
    try {
      await (change.rowsBefore === 0 ? insertRollup(tx, target, input) : upsertRollup(tx, target, input));
    } catch (error) {
      throw explain(error, rollup);
    }
  }
}

const TOO_LONG_FOR_INDEX = '54000';
const OUT_OF_RANGE = '22003';

function explain(error: unknown, rollup: Rollup): unknown {
  const { code } = error as { code?: string };
  if (code === TOO_LONG_FOR_INDEX) return tooLong(rollup, error);
  return code === OUT_OF_RANGE ? tooLarge(rollup, error) : error;
}

/** The week's own sums fit (summary.ts): numbers below 0 hid what a part of them comes to. */
function tooLarge(rollup: Rollup, cause: unknown): CollectorError {
  const message = `Whole numbers of the result add up to more than can be stored in roll-up '${rollup.name}' (9,223,372,036,854,775,807), beside others far below 0. The file was refused; nothing was changed.`;
  return new CollectorError('result_value', message, { cause });
}

function tooLong(rollup: Rollup, cause: unknown): CollectorError {
  const message = `The result holds a ${rollup.lookups?.join(' or ')} of more than 2,000 bytes, too long to be looked up by. The file was refused; nothing was changed.`;
  return new CollectorError('result_value', message, { cause });
}

interface RollupTarget {
  table: string;
  grain: RollupGrain;
  /** Columns after instance, week, bucket and group_key. */
  columns: string[];
  numbers: string[];
  /** SELECT of the week's rows; $1 is the instance, $2 the week. */
  rows: string;
}

function describeRollup({ dataset, week }: MergeInput, rollup: Rollup, grain: RollupGrain): RollupTarget {
  const shape = tableShape(dataset);
  const pieces = pieceGrain(rollup);
  const texts = rollupTexts(shape, rollup);
  const filtered = shape.filtered ? [shape.filtered] : [];
  const [first, last] = monthsOfWeek(week);
  const month = pieces === 'month' ? 'period' : `CASE WHEN period >= DATE '${last}' THEN DATE '${last}' ELSE DATE '${first}' END`;
  const bucket = { day: 'period', week: '$2::date', month }[grain];
  // Pieces by month of a week within one month are grouped already, also for the week.
  const grouped =
    pieces === 'month' &&
    (grain === 'month' || first === last) &&
    texts.length === pieceTexts(dataset, pieces).length - levelText(dataset).length;
  const groups = [...(grain === 'week' ? [] : [bucket]), ...texts, ...filtered];
  return {
    table: rollupTable(dataset, rollup, grain),
    grain,
    columns: [...texts, ...filtered, ...shape.measures.map(storedName)],
    numbers: shape.measures.map(storedName),
    rows: `SELECT $1::bigint AS instance_id, $2::date AS week, ${bucket} AS bucket, ${groupKey(texts, shape.filtered)} AS group_key,
                  ${[...texts, ...filtered, ...shape.measures.map((column) => storedSum(column, grouped))].join(', ')}
             FROM ${PIECES[pieces]} WHERE ${rowsOfGrain(dataset, rollup, grain, first !== last)}
             ${grouped ? '' : groups.length > 0 ? `GROUP BY ${groups.join(', ')}` : 'HAVING count(*) > 0'}`,
  };
}

/** A month table of whole levels holds the weeks that lie in two months, by their days; those within one month are in the week table. */
function rowsOfGrain(dataset: Dataset, rollup: Rollup, grain: RollupGrain, inTwoMonths: boolean): string {
  const dated = grain === 'day' ? 'period IS NOT NULL' : 'true';
  if (!hasWholeLevels(dataset)) return dated;
  if (grain === 'month' && !inTwoMonths) return 'false';
  return `${dated} AND ${levelCondition(dataset, levelFor(dataset, rollup.dimensions, grain === 'week' ? 'week' : 'day'))}`;
}

/** Sums of whole numbers are numeric in PostgreSQL; a roll-up of them stays whole. */
function storedSum(column: Dataset['columns'][number], grouped: boolean): string {
  const name = storedName(column);
  return `${grouped ? name : `sum(${name})`}${isWhole(column) ? '::bigint' : ''} AS ${name}`;
}

const isWhole = (column: Column): boolean => column.type === 'integer' && column.unit === undefined;

/** In the order of the key, so that its index grows at one place. */
const insertRollup = (tx: pg.PoolClient, { table, columns, rows }: RollupTarget, { instanceId, week }: MergeInput) =>
  tx.query(`INSERT INTO ${table} (instance_id, week, bucket, group_key, ${columns.join(', ')}) ${rows} ORDER BY bucket, group_key`, [
    instanceId,
    week,
  ]);

const upsertRollup = (tx: pg.PoolClient, { table, grain, columns, numbers, rows }: RollupTarget, { instanceId, week }: MergeInput) => {
  const equal = ['true', ...numbers.map((name) => `r.${name} = n.${name}`)].join(' AND ');
  return tx.query(
    `INSERT INTO ${table} (instance_id, week, bucket, group_key, ${columns.join(', ')})
     SELECT n.* FROM (${rows}) AS n
      WHERE NOT EXISTS (SELECT FROM ${table} r
                         WHERE r.instance_id = $1 AND ${bucketsOfWeek(week, grain)} AND r.week = $2 AND r.bucket = n.bucket AND r.group_key = n.group_key AND ${equal})
     ON CONFLICT (instance_id, bucket, week, group_key) DO UPDATE SET ${columns.map((name) => `${name} = EXCLUDED.${name}`).join(', ')}`,
    [instanceId, week],
  );
};

const deleteStale = (tx: pg.PoolClient, { table, grain, rows }: RollupTarget, { instanceId, week }: MergeInput) =>
  tx.query(
    `DELETE FROM ${table} r
      WHERE r.instance_id = $1 AND ${bucketsOfWeek(week, grain)} AND r.week = $2
        AND NOT EXISTS (SELECT FROM (${rows}) AS n WHERE n.bucket = r.bucket AND n.group_key = r.group_key)`,
    [instanceId, week],
  );
