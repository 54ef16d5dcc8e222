import type pg from 'pg';
import { addDays } from '../../../ground/calendar/week.ts';
import type { Column, Dataset } from '../../catalogue/dataset.ts';
import { storedName } from '../../catalogue/tables.ts';
import { CollectorError } from '../../../contract/error.ts';
import { tableShape, type TableShape } from '../table-shape.ts';
import { STAGED } from './expressions.ts';
import type { MergeInput, StagedWeek } from './input.ts';
import { levelText, PIECES } from './pieces.ts';
import { metricTotals, totalsLevel } from './totals.ts';

interface SummaryRow {
  rows: string;
  hash: string;
  first_day?: string | null;
  last_day?: string | null;
  currency?: string;
  level?: string;
  [sum: `sum_${number}`]: string | null;
}

/**
 * Count, checksum and totals of the staged rows out of their pieces, and what must hold of every value. A sum is finite only
 * when every value is, so the sums also show NaN and Infinity, which COPY accepts into numeric.
 * @throws CollectorError result_value for a day outside the week or a number that cannot be stored
 */
export async function summarise(tx: pg.PoolClient, input: MergeInput): Promise<StagedWeek> {
  const shape = tableShape(input.dataset);
  const { rows: groups } = await tx.query<SummaryRow>(summaryStatement(input.dataset, shape));
  for (const group of groups) {
    for (const [index, column] of shape.numbers.entries()) {
      if (/NaN|Infinity/.test(group[`sum_${index}`] ?? '')) throw await infiniteNumber(tx, column);
    }
    if (shape.day) await assertDays(tx, input, shape.day, group);
  }
  return {
    rows: groups.reduce((sum, group) => sum + Number(group.rows), 0),
    checksum: groups.reduce((sum, group) => sum + BigInt(group.hash), 0n).toString(),
    totals: metricTotals(
      input.dataset,
      shape,
      groups.filter(({ level }) => level === totalsLevel(input.dataset)?.name),
    ),
  };
}

function summaryStatement(dataset: Dataset, shape: TableShape): string {
  const [level] = levelText(dataset);
  const groups = [...(shape.currency ? [shape.currency] : []), ...(level ? [level] : [])];
  const columns = [
    'coalesce(sum(piece_rows), 0)::text AS rows',
    'coalesce(sum(piece_hash), 0)::text AS hash',
    ...(shape.day ? ['min(first_day)::text AS first_day', 'max(last_day)::text AS last_day'] : []),
    ...(shape.currency ? [`${shape.currency} AS currency`] : []),
    ...(level ? [`${level} AS level`] : []),
    ...shape.numbers.map((column, index) => `sum(${storedName(column)})::text AS sum_${index}`),
  ];
  return `SELECT ${columns.join(', ')} FROM ${PIECES.month}${groups.length > 0 ? ` GROUP BY ${groups.join(', ')}` : ''}`;
}

async function infiniteNumber(tx: pg.PoolClient, column: Column): Promise<CollectorError> {
  const name = storedName(column);
  const { rows } = await tx.query<{ value: string }>(
    `SELECT ${name}::text AS value FROM ${STAGED} WHERE ${name} IN ('NaN', 'Infinity', '-Infinity') LIMIT 1`,
  );
  return refuse(`Column ${column.name} holds ${rows[0]?.value ?? 'a value'}, which is not a finite number.`, { column: column.name });
}

async function assertDays(
  tx: pg.PoolClient,
  { week }: MergeInput,
  day: string,
  { first_day: first, last_day: last }: SummaryRow,
): Promise<void> {
  const end = addDays(week, 7);
  if ((first ?? week) >= week && (last ?? week) < end) return;
  const { rows } = await tx.query<{ day: string }>(
    `SELECT DISTINCT ${day}::text AS day FROM ${STAGED} WHERE ${day} < $1 OR ${day} >= $2 ORDER BY day LIMIT 6`,
    [week, end],
  );
  const days = rows.map((row) => row.day);
  const shown = days.slice(0, 5).join(', ') + (days.length > 5 ? ', …' : '');
  const message = `The result holds days outside the week ${week} to ${addDays(week, 6)}: ${shown}. It belongs to another week, or its query has another time zone.`;
  throw refuse(message, { days: days.slice(0, 5) });
}

const refuse = (message: string, details: Record<string, unknown>): CollectorError =>
  new CollectorError('result_value', `${message} The file was refused; nothing was changed.`, { details });
