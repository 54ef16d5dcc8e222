import type pg from 'pg';
import { addDays, firstOfMonth, type IsoDate } from '../../../ground/calendar/week.ts';
import type { Dataset, Rollup, RollupGrain } from '../../catalogue/dataset.ts';
import { storedName } from '../../catalogue/tables.ts';
import { hasWholeLevels, levelColumn, levelFor } from '../../catalogue/levels.ts';
import { rollupTexts, tableShape } from '../table-shape.ts';
import { STAGED, storedNumber, storedText, weekHash } from './expressions.ts';
import type { MergeInput } from './input.ts';
import { suspicious } from './value-rules.ts';

/**
 * Temporary tables between the staged rows and everything that is added up from them, so that the file's rows are read once for each:
 * by month for the summary and the roll-ups without days, by day for those with days.
 * Columns: period, texts, filtered, then the sums of numbers in stored units.
 */
export const PIECES = { day: 'pieces_by_day', month: 'pieces_by_month' } as const;
export type PieceGrain = keyof typeof PIECES;

export const pieceGrain = (rollup: Pick<Rollup, 'grains'>): PieceGrain => (rollup.grains.includes('day') ? 'day' : 'month');

/** Texts of the pieces of a grain: whatever its roll-ups ask for, and what totals are told apart by: the currency, and the level of whole ones. */
export function pieceTexts(dataset: Dataset, grain: PieceGrain): string[] {
  const shape = tableShape(dataset);
  const asked = dataset.rollups.filter((rollup) => pieceGrain(rollup) === grain).flatMap((rollup) => rollupTexts(shape, rollup));
  return [...new Set([...asked, ...(shape.currency ? [shape.currency] : []), ...levelText(dataset)])];
}

/** The stored name of the level column of a dataset whose levels are each the whole week. */
export const levelText = (dataset: Dataset): string[] => (hasWholeLevels(dataset) ? [storedName(levelColumn(dataset))] : []);

/**
 * The one pass over the staged rows that every merge makes: rows, checksum, first and last day, and whether any row is suspicious come
 * along.
 */
export function collectMonthPieces(tx: pg.PoolClient, { dataset, week }: MergeInput): Promise<unknown> {
  const shape = tableShape(dataset);
  return collect(tx, dataset, 'month', monthOf(shape.day, week), [
    'count(*) AS piece_rows',
    `${weekHash(shape, (column) => storedNumber(column, storedName(column)))} AS piece_hash`,
    ...(shape.day ? [`min(${shape.day}) AS first_day`, `max(${shape.day}) AS last_day`] : []),
    `bool_or(${suspicious(dataset)}) AS piece_suspicious`,
  ]);
}

export const collectDayPieces = (tx: pg.PoolClient, { dataset }: MergeInput): Promise<unknown> =>
  collect(tx, dataset, 'day', tableShape(dataset).day ?? 'NULL::date', [], levelsByDay(dataset));

/** Of whole levels only those that some roll-up takes its days from: the others would be grouped for nothing. */
function levelsByDay(dataset: Dataset): string {
  const [level] = levelText(dataset);
  if (level === undefined) return '';
  const used = dataset.rollups
    .filter((rollup) => pieceGrain(rollup) === 'day')
    .flatMap(({ dimensions }) => [levelFor(dataset, dimensions, 'day'), levelFor(dataset, dimensions, 'week')]);
  return `WHERE ${level} IN (${[...new Set(used.map((each) => `'${each?.name}'`))].join(', ')})`;
}

function collect(tx: pg.PoolClient, dataset: Dataset, grain: PieceGrain, period: string, more: string[], where = ''): Promise<unknown> {
  const shape = tableShape(dataset);
  const texts = pieceTexts(dataset, grain);
  const filtered = shape.filtered ? [shape.filtered] : [];
  const columns = [
    `${period} AS period`,
    ...texts.map((name) => `${storedText(name, shape.filtered)} AS ${name}`),
    ...filtered.map((name) => `coalesce(${name}, false) AS ${name}`),
    ...shape.numbers.map(
      (column) => `coalesce(${storedNumber(column, `sum(${storedName(column)})`).replace(/::bigint$/, '')}, 0) AS ${storedName(column)}`,
    ),
    ...more,
  ];
  const groups = [period, ...texts, ...filtered];
  return tx.query(
    `CREATE TEMPORARY TABLE ${PIECES[grain]} ON COMMIT DROP AS SELECT ${columns.join(', ')} FROM ${STAGED} ${where} GROUP BY ${groups.join(', ')}`,
  );
}

/**
 * The month a row counts in; hidden days (NULL) count where the week's Monday lies. A week touches two months at most, so a
 * comparison does what date functions would do more slowly.
 */
function monthOf(day: string | undefined, week: IsoDate): string {
  const [first, last] = monthsOfWeek(week);
  return day === undefined || first === last
    ? `DATE '${first}'`
    : `CASE WHEN ${day} >= DATE '${last}' THEN DATE '${last}' ELSE DATE '${first}' END`;
}

/** First days of the months of the week's Monday and Sunday. */
export const monthsOfWeek = (week: IsoDate): [first: IsoDate, last: IsoDate] => [firstOfMonth(week), firstOfMonth(addDays(week, 6))];

/**
 * Condition on the buckets that rows of the week $2 can have in a roll-up table r: lets the key, which leads with the bucket, find them
 * without reading those of other weeks.
 */
export const bucketsOfWeek = (week: IsoDate, grain: RollupGrain): string =>
  ({
    day: 'r.bucket BETWEEN $2::date AND $2::date + 6',
    week: 'r.bucket = $2::date',
    month: `r.bucket IN (${monthsOfWeek(week)
      .map((month) => `DATE '${month}'`)
      .join(', ')})`,
  })[grain];
