import { hasWholeLevels, levelColumn, levelFor } from '../../../data/catalogue/levels.ts';
import { tableGrains } from '../../../data/catalogue/rollup-grains.ts';
import { factTable, rollupTable, storedName } from '../../../data/catalogue/tables.ts';
import type { WindowKind } from '../../../ground/calendar/window.ts';
import type { Dataset, Rollup } from '../../../data/catalogue/dataset.ts';
import type { BucketGrain } from './buckets.ts';

/** A table that can answer, and where its rows keep the bucket. */
export interface Source {
  table: string;
  /** SQL expression of the bucket's date. */
  bucket: string;
  /** What leads the table's key after the instance, the bucket itself, the week or its month: bounds on it walk one run of the index. */
  leads: 'bucket' | 'week' | 'month';
  /** What the rows of one Monday cover. */
  window: WindowKind;
  /** The rows of one level; null where a table holds no others. */
  level: { column: string; value: string } | null;
  /** Only the weeks that lie in two months; a table of such weeks needs no saying. */
  onlySplitWeeks?: true;
}

/**
 * The smallest roll-up of the grain that has the dimensions, else the fact table. Of a dataset with whole levels the rows of the level that
 * hides least; undefined when no level has the dimensions by that grain, and for months, which are made of weeks and days there.
 */
export function sourceFor(dataset: Dataset, grain: BucketGrain, dimensions: ReadonlySet<string>): Source | undefined {
  if (!hasWholeLevels(dataset))
    return smallestRollup(dataset, grain, fitting(dataset, grain, dimensions)) ?? factSource(dataset, grain, null);
  if (grain === 'month') return undefined;
  const level = levelFor(dataset, dimensions, grain);
  if (level === undefined) return undefined;
  const sameLevel = fitting(dataset, grain, dimensions).filter(
    (rollup) => levelFor(dataset, rollup.dimensions, grain)?.name === level.name,
  );
  return smallestRollup(dataset, grain, sameLevel) ?? levelSource(dataset, grain, level.name);
}

/**
 * The rows of weeks that lie in two months, by the days of each (catalogue/tables.ts), of a dataset with whole levels. Undefined when no
 * level has the dimensions by day.
 */
export function splitWeeksSource(dataset: Dataset, dimensions: ReadonlySet<string>): Source | undefined {
  if (!hasWholeLevels(dataset)) return undefined;
  const level = levelFor(dataset, dimensions, 'day');
  const sameLevel = fitting(dataset, 'month', dimensions).filter(
    (rollup) => levelFor(dataset, rollup.dimensions, 'day')?.name === level?.name,
  );
  return smallestRollup(dataset, 'month', sameLevel) ?? (level && { ...levelSource(dataset, 'month', level.name), onlySplitWeeks: true });
}

const fitting = (dataset: Dataset, grain: BucketGrain, dimensions: ReadonlySet<string>): Rollup[] =>
  dataset.rollups
    .filter((rollup) => rollup.grains.includes(grain) && [...dimensions].every((name) => rollup.dimensions.includes(name)))
    .sort((a, b) => a.dimensions.length - b.dimensions.length);

function smallestRollup(dataset: Dataset, grain: BucketGrain, [smallest]: readonly Rollup[]): Source | undefined {
  if (smallest === undefined) return undefined;
  const shared = { window: dataset.window, level: null };
  return grain === 'week' && !tableGrains(dataset, smallest).includes('week')
    ? { ...shared, table: rollupTable(dataset, smallest, 'month'), bucket: 'week', leads: 'month' }
    : { ...shared, table: rollupTable(dataset, smallest, grain), bucket: 'bucket', leads: 'bucket' };
}

const factSource = (dataset: Dataset, grain: BucketGrain, level: Source['level']): Source => ({
  table: factTable(dataset),
  bucket: factBucket(dataset, grain),
  leads: 'week',
  window: dataset.window,
  level,
});

/** A row whose day Amazon hid counts in the month its week starts in, as in the roll-ups (catalogue/tables.ts). */
function factBucket(dataset: Dataset, grain: BucketGrain): string {
  if (grain === 'week') return 'week';
  if (dataset.window === 'month') return MONTH_OF_WINDOW;
  const column = dataset.columns.find(({ role }) => role === 'day');
  if (column === undefined) throw new Error(`Dataset ${dataset.dataset} has no day column`);
  const day = `"${storedName(column)}"`;
  return grain === 'day' ? day : `date_trunc('month', coalesce(${day}, week)::timestamp)::date`;
}

/** A month's window is kept under the Monday whose week holds its first day: that week's Sunday lies in the month. */
const MONTH_OF_WINDOW = `date_trunc('month', (week + 6)::timestamp)::date`;

/** The fact rows of one level. */
export const levelSource = (dataset: Dataset, grain: BucketGrain, level: string): Source =>
  factSource(dataset, grain, { column: storedName(levelColumn(dataset)), value: level });
