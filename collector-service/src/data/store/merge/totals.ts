import type pg from 'pg';
import type { Dataset, Rollup, RollupGrain } from '../../catalogue/dataset.ts';
import { hasWholeLevels, levelCondition, levelFor, type Level } from '../../catalogue/levels.ts';
import { factTable, rollupTable, storedName } from '../../catalogue/tables.ts';
import { rollupGrains, tableShape, type TableShape } from '../table-shape.ts';
import { addDecimals } from './decimal.ts';
import type { MergeInput, Totals } from './input.ts';
import { bucketsOfWeek } from './pieces.ts';

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

/** Of whole levels the one whose rows totals are taken from: any would do, so the one with fewest. Undefined for datasets without. */
export const totalsLevel = (dataset: Dataset): Level | undefined => (hasWholeLevels(dataset) ? levelFor(dataset, [], 'week') : undefined);

/**
 * Of the week as it is served now. The coarsest roll-up holds the same sums as the facts in a few rows: additive metrics are sums of
 * measures, and every roll-up has all of those.
 */
export async function storedTotals(tx: pg.PoolClient, { dataset, instanceId, week }: MergeInput): Promise<Totals> {
  const shape = tableShape(dataset);
  const coarsest = coarsestRollup(dataset);
  const sums = shape.numbers.map((column, index) =>
    coarsest && !shape.measures.includes(column) ? `NULL AS sum_${index}` : `sum(${storedName(column)})::text AS sum_${index}`,
  );
  const currency = shape.currency ? [`${shape.currency} AS currency`] : [];
  const { rows } = await tx.query<ColumnSums>(
    `SELECT ${[...currency, ...sums].join(', ')} FROM ${coarsest ? rollupTable(dataset, coarsest.rollup, coarsest.grain) : factTable(dataset)} r
      WHERE r.instance_id = $1 AND r.week = $2 AND ${coarsest ? bucketsOfWeek(week, coarsest.grain) : levelCondition(dataset, totalsLevel(dataset))}
     ${shape.currency ? `GROUP BY ${shape.currency}` : ''}`,
    [instanceId, week],
  );
  return metricTotals(dataset, shape, rows);
}

/** With days left out, since rows without one are in none. */
const coarsestRollup = (dataset: Dataset): { rollup: Rollup; grain: RollupGrain } | undefined =>
  rollupGrains(dataset)
    .filter(({ grain }) => grain !== 'day')
    .sort((left, right) => left.rollup.dimensions.length - right.rollup.dimensions.length)[0];
