import type { Column, Dataset, Rollup, RollupGrain } from './dataset.ts';

/**
 * Names and shapes of the tables a dataset version gets. The store creates them in the migrate step, the merge writes them,
 * the query planner reads them; this file is where the three agree.
 *
 * Fact table: instance_id bigint, week date, row_key bigint, the day column as date under its own name (NULL when Amazon hid it),
 * every key, dimension, currency and level column as text (never NULL: see the sentinels), filtered boolean, then the numbers,
 * and extra jsonb: columns of the file that the dataset does not know, as text by name (NULL where there are none).
 * Roll-up table: instance_id bigint, week date, bucket date (the day, the first of the month, or the Monday), the roll-up's
 * dimensions as text, currency text (datasets with one), filtered boolean, then every additive column, summed and never NULL.
 * A month row keeps its week: (instance, month, week, dimensions) belongs to that week's merge alone. Where levels are whole (levels.ts),
 * a month table holds only weeks that lie in two months, by the days of each; the week table has the others.
 */
export const factTable = (dataset: Pick<Dataset, 'dataset' | 'version'>): string => `fact_${dataset.dataset}_v${dataset.version}`;

export const rollupTable = (dataset: Pick<Dataset, 'dataset' | 'version'>, rollup: Rollup, grain: RollupGrain): string =>
  `rollup_${dataset.dataset}_v${dataset.version}_${rollup.name}_${grain}`;

/** Stored for a dimension that Amazon hid for privacy (NULL in a filtered row). A control character keeps it apart from any name. */
export const SUPPRESSED = '\u0001suppressed';
/** Stored for a dimension that is NULL in a row Amazon did not filter. */
export const UNKNOWN = '\u0001unknown';

/** A column's name in the fact and roll-up tables. */
export const storedName = (column: Column): string => column.as ?? column.name;

/** PostgreSQL type in the fact table. Money is numeric in currency units whatever unit Amazon sends. */
export function storedType(column: Column): 'text' | 'bigint' | 'numeric' | 'boolean' | 'date' {
  if (column.unit !== undefined) return 'numeric';
  return ({ string: 'text', integer: 'bigint', decimal: 'numeric', boolean: 'boolean', date: 'date' } as const)[column.type];
}

/** What one unit of the file is worth in the table: the file's number is divided by this. */
export const unitDivisor = (column: Column): number =>
  ({ microcents: 100_000_000, millicents: 100_000, currency: 1 })[column.unit ?? 'currency'];
