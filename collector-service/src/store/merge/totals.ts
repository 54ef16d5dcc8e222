import type pg from 'pg';
import type { Dataset } from '../../catalogue/dataset.ts';
import { factTable, storedName } from '../../catalogue/tables.ts';
import { tableShape, type TableShape } from '../table-shape.ts';
import { addDecimals } from './decimal.ts';
import type { MergeInput, Totals } from './input.ts';

/** Sums of number columns, by their place in TableShape.numbers, in stored units. */
export interface ColumnSums {
  currency?: string;
  [sum: `sum_${number}`]: string | null;
}

/** Additive metrics out of column sums. */
export function metricTotals({ metrics }: Dataset, shape: TableShape, groups: readonly ColumnSums[]): Totals {
  const places = new Map(shape.numbers.map((column, index) => [storedName(column), index]));
  const sumOf = (columns: readonly string[], over: readonly ColumnSums[]): string =>
    addDecimals(['0', ...over.flatMap((group) => columns.map((name) => group[`sum_${places.get(name)!}`] ?? '0'))]);
  const currencies = [...new Set(groups.map((group) => group.currency ?? ''))].sort();
  const totals: Totals = {};
  for (const metric of metrics) {
    if (metric.kind !== 'additive') continue;
    totals[metric.name] =
      metric.unit === 'currency' && shape.currency
        ? Object.fromEntries(
            currencies.map((currency) => [
              currency,
              sumOf(
                metric.sum,
                groups.filter((group) => group.currency === currency),
              ),
            ]),
          )
        : sumOf(metric.sum, groups);
  }
  return totals;
}

/** Of the week as it is served now. */
export async function storedTotals(tx: pg.PoolClient, { dataset, instanceId, week }: MergeInput): Promise<Totals> {
  const shape = tableShape(dataset);
  const sums = shape.numbers.map((column, index) => `sum(${storedName(column)})::text AS sum_${index}`);
  const currency = shape.currency ? [`${shape.currency} AS currency`] : [];
  const { rows } = await tx.query<ColumnSums>(
    `SELECT ${[...currency, ...sums].join(', ')} FROM ${factTable(dataset)} WHERE instance_id = $1 AND week = $2
     ${shape.currency ? `GROUP BY ${shape.currency}` : ''}`,
    [instanceId, week],
  );
  return metricTotals(dataset, shape, rows);
}
