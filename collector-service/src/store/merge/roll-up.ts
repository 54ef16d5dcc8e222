import type pg from 'pg';
import type { Dataset, Rollup, RollupGrain } from '../../catalogue/dataset.ts';
import { rollupTable, storedName } from '../../catalogue/tables.ts';
import { rollupGrains } from '../dataset-tables.ts';
import { rollupTexts, tableShape, type TableShape } from '../table-shape.ts';
import { groupKey, STAGED, storedNumber, storedText } from './expressions.ts';
import type { MergeInput } from './input.ts';

/**
 * Temporary tables between the staged rows and the roll-ups, so that the file's rows are added up once for each:
 * by day for roll-ups that have days, by month for those that do not. Hidden days (NULL) count in the week and in the month its Monday lies in.
 */
const PIECES = { day: 'pieces_by_day', month: 'pieces_by_month' } as const;
type PieceGrain = keyof typeof PIECES;

/**
 * Makes the week's rows of every roll-up what the staged rows add up to. A roll-up row belongs to one week alone, also in the
 * month tables, so that neighbouring weeks merging at the same time cannot lose each other's days.
 * @param fresh the week has no roll-up rows yet; otherwise only rows that differ are written
 */
export async function rollUpWeek(tx: pg.PoolClient, input: MergeInput, fresh: boolean): Promise<void> {
  const shape = tableShape(input.dataset);
  for (const grain of ['day', 'month'] as const) {
    const rollups = input.dataset.rollups.filter((rollup) => pieceGrain(rollup) === grain);
    if (rollups.length > 0) await collectPieces(tx, shape, grain, union(rollups.map((rollup) => rollupTexts(shape, rollup))), input);
  }
  for (const { rollup, grain } of rollupGrains(input.dataset)) {
    const target = describeRollup(input.dataset, shape, rollup, grain);
    if (!fresh) await deleteStale(tx, target, input);
    await (fresh ? insertRollup(tx, target, input) : upsertRollup(tx, target, input));
  }
}

const pieceGrain = (rollup: Rollup): PieceGrain => (rollup.grains.includes('day') ? 'day' : 'month');
const union = (lists: string[][]): string[] => [...new Set(lists.flat())];
const monthOf = (day: string): string => `(${day} - (extract(day FROM ${day})::int - 1))`;

function collectPieces(tx: pg.PoolClient, shape: TableShape, grain: PieceGrain, texts: string[], { week }: MergeInput): Promise<unknown> {
  const day = shape.day ?? 'NULL::date';
  const period = grain === 'day' ? day : monthOf(`coalesce(${day}, DATE '${week}')`);
  const filtered = shape.filtered ? [shape.filtered] : [];
  const sums = shape.measures.map((column) => `coalesce(${storedNumber(column, `sum(${storedName(column)})`)}, 0) AS ${storedName(column)}`);
  const columns = [
    `${period} AS period`,
    ...texts.map((name) => `${storedText(name, shape.filtered)} AS ${name}`),
    ...filtered.map((name) => `coalesce(${name}, false) AS ${name}`),
    ...sums,
  ];
  const groups = [period, ...texts, ...filtered];
  return tx.query(`CREATE TEMPORARY TABLE ${PIECES[grain]} ON COMMIT DROP AS SELECT ${columns.join(', ')} FROM ${STAGED} GROUP BY ${groups.join(', ')}`);
}

interface RollupTarget {
  table: string;
  /** Columns after instance, week, bucket and group_key. */
  columns: string[];
  numbers: string[];
  /** SELECT of the week's rows; $1 is the instance, $2 the week. */
  rows: string;
}

function describeRollup(dataset: Dataset, shape: TableShape, rollup: Rollup, grain: RollupGrain): RollupTarget {
  const texts = rollupTexts(shape, rollup);
  const filtered = shape.filtered ? [shape.filtered] : [];
  const numbers = shape.measures.map(storedName);
  const pieces = pieceGrain(rollup);
  const bucket = { day: 'period', week: '$2::date', month: pieces === 'month' ? 'period' : monthOf('coalesce(period, $2::date)') }[grain];
  const sums = shape.measures.map((column) => storedSum(column, storedName(column)));
  return {
    table: rollupTable(dataset, rollup, grain),
    columns: [...texts, ...filtered, ...numbers],
    numbers,
    rows: `SELECT $1::bigint AS instance_id, $2::date AS week, ${bucket} AS bucket, ${groupKey(texts, shape.filtered)} AS group_key,
                  ${[...texts, ...filtered, ...sums].join(', ')}
             FROM ${PIECES[pieces]} ${grain === 'day' ? 'WHERE period IS NOT NULL' : ''}
            GROUP BY ${[bucket, ...texts, ...filtered].filter((each) => each !== '$2::date').join(', ') || '()'}
           ${texts.length + filtered.length === 0 && grain === 'week' ? 'HAVING count(*) > 0' : ''}`,
  };
}

/** sum(bigint) is numeric; a roll-up of whole numbers stays whole. */
const storedSum = (column: Dataset['columns'][number], name: string): string =>
  `sum(${name})${column.type === 'integer' && column.unit === undefined ? '::bigint' : ''} AS ${name}`;

const insertRollup = (tx: pg.PoolClient, { table, columns, rows }: RollupTarget, { instanceId, week }: MergeInput) =>
  tx.query(`INSERT INTO ${table} (instance_id, week, bucket, group_key, ${columns.join(', ')}) ${rows}`, [instanceId, week]);

const upsertRollup = (tx: pg.PoolClient, { table, columns, numbers, rows }: RollupTarget, { instanceId, week }: MergeInput) => {
  const equal = numbers.map((name) => `r.${name} = n.${name}`).join(' AND ') || 'true';
  return tx.query(
    `INSERT INTO ${table} (instance_id, week, bucket, group_key, ${columns.join(', ')})
     SELECT n.* FROM (${rows}) AS n
      WHERE NOT EXISTS (SELECT FROM ${table} r
                         WHERE r.instance_id = $1 AND ${bucketsOfWeek('r')} AND r.week = $2 AND r.bucket = n.bucket AND r.group_key = n.group_key AND ${equal})
     ON CONFLICT (instance_id, bucket, week, group_key) DO UPDATE SET ${columns.map((name) => `${name} = EXCLUDED.${name}`).join(', ')}`,
    [instanceId, week],
  );
};

const deleteStale = (tx: pg.PoolClient, { table, rows }: RollupTarget, { instanceId, week }: MergeInput) =>
  tx.query(
    `DELETE FROM ${table} r
      WHERE r.instance_id = $1 AND ${bucketsOfWeek('r')} AND r.week = $2
        AND NOT EXISTS (SELECT FROM (${rows}) AS n WHERE n.bucket = r.bucket AND n.group_key = r.group_key)`,
    [instanceId, week],
  );

/** From the first of the month of its Monday to its Sunday: lets the key, which leads with the bucket, find the week. */
const bucketsOfWeek = (table: string): string => `${table}.bucket BETWEEN ${monthOf('$2::date')} AND $2::date + 6`;
