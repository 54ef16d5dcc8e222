import type pg from 'pg';
import { addDays } from '../../calendar/week.ts';
import type { Column } from '../../catalogue/dataset.ts';
import { storedName } from '../../catalogue/tables.ts';
import { CollectorError } from '../../contract/error.ts';
import { tableShape, type TableShape } from '../table-shape.ts';
import { STAGED, storedNumber, storedText } from './expressions.ts';
import type { MergeInput, StagedWeek } from './input.ts';
import type { IntegersAs } from './stage.ts';
import { metricTotals } from './totals.ts';

interface SummaryRow {
  rows: string;
  hash: string | null;
  first_day?: string | null;
  last_day?: string | null;
  currency?: string;
  /** Number columns with a value that is not whole or does not fit, when they had to be read as numeric. */
  odd?: string[];
  [sum: `sum_${number}`]: string | null;
}

/**
 * One pass over the staged rows: count, checksum, totals, and what must hold of every value. A sum is finite only when every
 * value is, so the sums also show NaN and Infinity, which COPY accepts into numeric.
 * @throws CollectorError result_value for a day outside the week or a number that cannot be stored
 */
export async function summarise(tx: pg.PoolClient, input: MergeInput, integersAs: IntegersAs): Promise<StagedWeek> {
  const shape = tableShape(input.dataset);
  const { rows: groups } = await tx.query<SummaryRow>(summaryStatement(shape, integersAs));
  for (const group of groups) {
    for (const [index, column] of shape.numbers.entries()) {
      if (/NaN|Infinity/.test(group[`sum_${index}`] ?? '')) throw await oddNumber(tx, column, `${storedName(column)} IN ('NaN', 'Infinity', '-Infinity')`);
      if (group.odd?.includes(String(index))) throw await oddNumber(tx, column, notWhole(storedName(column)));
    }
    if (shape.day) await assertDays(tx, input, shape.day, group);
  }
  return {
    rows: groups.reduce((sum, group) => sum + Number(group.rows), 0),
    checksum: groups.reduce((sum, group) => sum + BigInt(group.hash ?? 0), 0n).toString(),
    totals: metricTotals(input.dataset, shape, groups),
  };
}

function summaryStatement(shape: TableShape, integersAs: IntegersAs): string {
  const integers = shape.numbers.flatMap((column, index) => (column.type === 'integer' ? [{ name: storedName(column), index }] : []));
  const odd = integers.map(({ name, index }) => `CASE WHEN bool_or(${notWhole(name)}) THEN '${index}' END`);
  const groupBy = [...(shape.currency ? [shape.currency] : []), ...(shape.filtered ? [shape.filtered] : [])];
  const columns = [
    'count(*) AS rows',
    `sum(${rowHash(shape)}) AS hash`,
    ...(shape.day ? [`min(${shape.day})::text AS first_day`, `max(${shape.day})::text AS last_day`] : []),
    ...(shape.currency ? [`${storedText(shape.currency, shape.filtered)} AS currency`] : []),
    ...shape.numbers.map((column, index) => `(${storedNumber(column, `sum(${storedName(column)})`).replace(/::bigint$/, '')})::text AS sum_${index}`),
    ...(integersAs === 'numeric' && odd.length > 0 ? [`array_remove(ARRAY[${odd.join(', ')}], NULL) AS odd`] : []),
  ];
  return `SELECT ${columns.join(', ')} FROM ${STAGED}${groupBy.length > 0 ? ` GROUP BY ${groupBy.join(', ')}` : ''}`;
}

/**
 * 64 bits of a row. PostgreSQL's hash of a record is linear in its columns' hashes, so that values swapped between two rows would
 * leave a plain sum unchanged; seeding each row's with its key's prevents that. The hash follows equality: 1.0 is 1.00.
 */
const rowHash = (shape: TableShape): string =>
  `hash_record_extended(ROW(row_key${shape.numbers.map((column) => `, ${storedNumber(column, storedName(column))}`).join('')}), uuid_hash_extended(row_key, 0))`;

const notWhole = (name: string): string => `${name} <> trunc(${name}) OR abs(${name}) > 9223372036854775807`;

async function oddNumber(tx: pg.PoolClient, column: Column, condition: string): Promise<CollectorError> {
  const { rows } = await tx.query<{ value: string }>(`SELECT ${storedName(column)}::text AS value FROM ${STAGED} WHERE ${condition} LIMIT 1`);
  const what = column.type === 'integer' ? 'a whole number of at most 64 bits' : 'a finite number';
  return refuse(`Column ${column.name} holds ${rows[0]?.value ?? 'a value'}, which is not ${what}.`, { column: column.name });
}

async function assertDays(tx: pg.PoolClient, { week }: MergeInput, day: string, group: SummaryRow): Promise<void> {
  const end = addDays(week, 7);
  const { first_day: first, last_day: last } = group;
  if ((first ?? week) >= week && (last ?? week) < end) return;
  const { rows } = await tx.query<{ days: string; count: string }>(
    `SELECT string_agg(DISTINCT ${day}::text, ', ') AS days, sum(1) AS count FROM (SELECT ${day} FROM ${STAGED} WHERE ${day} < $1 OR ${day} >= $2 LIMIT 1000) AS outside`,
    [week, end],
  );
  const days = rows[0]!.days.split(', ');
  const shown = days.slice(0, 5).join(', ') + (days.length > 5 ? ', …' : '');
  throw refuse(`The result holds days outside the week ${week} to ${addDays(week, 6)}: ${shown}. It belongs to another week, or its query has another time zone.`, { days: days.slice(0, 5) });
}

const refuse = (message: string, details: Record<string, unknown>): CollectorError =>
  new CollectorError(`${message} The file was refused; nothing was changed.`, { code: 'result_value', kind: 'data', status: 422, details });
