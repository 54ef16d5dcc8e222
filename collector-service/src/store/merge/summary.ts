import type pg from 'pg';
import { addDays } from '../../calendar/week.ts';
import type { Column } from '../../catalogue/dataset.ts';
import { storedName } from '../../catalogue/tables.ts';
import { CollectorError } from '../../contract/error.ts';
import { tableShape, type TableShape } from '../table-shape.ts';
import { STAGED } from './expressions.ts';
import type { MergeInput, StagedWeek } from './input.ts';
import { PIECES } from './pieces.ts';
import { notWhole, type IntegersAs } from './stage.ts';
import { metricTotals } from './totals.ts';

interface SummaryRow {
  rows: string;
  hash: string;
  first_day?: string | null;
  last_day?: string | null;
  currency?: string;
  /** Places of number columns with a value that is not whole or does not fit, when they had to be read as numeric. */
  odd?: string[] | null;
  [sum: `sum_${number}`]: string | null;
}

/**
 * Count, checksum and totals of the staged rows out of their pieces, and what must hold of every value. A sum is finite only
 * when every value is, so the sums also show NaN and Infinity, which COPY accepts into numeric.
 * @throws CollectorError result_value for a day outside the week or a number that cannot be stored
 */
export async function summarise(tx: pg.PoolClient, input: MergeInput, integersAs: IntegersAs): Promise<StagedWeek> {
  const shape = tableShape(input.dataset);
  const { rows: groups } = await tx.query<SummaryRow>(summaryStatement(shape, integersAs));
  for (const group of groups) {
    for (const [index, column] of shape.numbers.entries()) {
      const name = storedName(column);
      if (/NaN|Infinity/.test(group[`sum_${index}`] ?? '')) throw await oddNumber(tx, column, `${name} IN ('NaN', 'Infinity', '-Infinity')`);
      if (group.odd?.includes(String(index))) throw await oddNumber(tx, column, notWhole(name));
    }
    if (shape.day) await assertDays(tx, input, shape.day, group);
  }
  return {
    rows: groups.reduce((sum, group) => sum + Number(group.rows), 0),
    checksum: groups.reduce((sum, group) => sum + BigInt(group.hash), 0n).toString(),
    totals: metricTotals(input.dataset, shape, groups),
  };
}

function summaryStatement(shape: TableShape, integersAs: IntegersAs): string {
  const hasIntegers = shape.numbers.some((column) => column.type === 'integer');
  const columns = [
    'coalesce(sum(piece_rows), 0)::text AS rows',
    'coalesce(sum(piece_hash), 0)::text AS hash',
    ...(shape.day ? ['min(first_day)::text AS first_day', 'max(last_day)::text AS last_day'] : []),
    ...(shape.currency ? [`${shape.currency} AS currency`] : []),
    ...shape.numbers.map((column, index) => `sum(${storedName(column)})::text AS sum_${index}`),
    ...(integersAs === 'numeric' && hasIntegers ? [`string_to_array(string_agg(array_to_string(odd, ','), ','), ',') AS odd`] : []),
  ];
  return `SELECT ${columns.join(', ')} FROM ${PIECES.month}${shape.currency ? ` GROUP BY ${shape.currency}` : ''}`;
}

async function oddNumber(tx: pg.PoolClient, column: Column, condition: string): Promise<CollectorError> {
  const { rows } = await tx.query<{ value: string }>(`SELECT ${storedName(column)}::text AS value FROM ${STAGED} WHERE ${condition} LIMIT 1`);
  const what = column.type === 'integer' ? 'a whole number of at most 64 bits' : 'a finite number';
  return refuse(`Column ${column.name} holds ${rows[0]?.value ?? 'a value'}, which is not ${what}.`, { column: column.name });
}

async function assertDays(tx: pg.PoolClient, { week }: MergeInput, day: string, { first_day: first, last_day: last }: SummaryRow): Promise<void> {
  const end = addDays(week, 7);
  if ((first ?? week) >= week && (last ?? week) < end && first !== '-infinity') return;
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
  new CollectorError(`${message} The file was refused; nothing was changed.`, { code: 'result_value', kind: 'data', status: 422, details });
