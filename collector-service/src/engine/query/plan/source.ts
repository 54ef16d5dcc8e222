import { factTable, rollupTable, storedName, tableGrains } from '../../../data/catalogue/tables.ts';
import type { WindowKind } from '../../../ground/calendar/window.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
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
  /** Value of the level column that has the dimensions; datasets with levels only. */
  level: { column: string; value: string } | null;
}

/** The smallest roll-up of the grain that has the dimensions, else the fact table. For datasets without levels. */
export function smallestSource(dataset: Dataset, grain: BucketGrain, dimensions: ReadonlySet<string>): Source {
  const fitting = dataset.rollups
    .filter((rollup) => rollup.grains.includes(grain) && [...dimensions].every((name) => rollup.dimensions.includes(name)))
    .sort((a, b) => a.dimensions.length - b.dimensions.length);
  const [smallest] = fitting;
  if (smallest !== undefined) {
    const shared = { window: dataset.window, level: null };
    return grain === 'week' && !tableGrains(smallest).includes('week')
      ? { ...shared, table: rollupTable(dataset, smallest, 'month'), bucket: 'week', leads: 'month' }
      : { ...shared, table: rollupTable(dataset, smallest, grain), bucket: 'bucket', leads: 'bucket' };
  }
  return { table: factTable(dataset), bucket: factBucket(dataset, grain), leads: 'week', window: dataset.window, level: null };
}

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
export function levelSource(dataset: Dataset, grain: BucketGrain, level: string): Source {
  const column = dataset.columns.find((each) => each.role === 'level');
  if (column === undefined) throw new Error(`Dataset ${dataset.dataset} has levels and no level column`);
  return {
    table: factTable(dataset),
    bucket: factBucket(dataset, grain),
    leads: 'week',
    window: dataset.window,
    level: { column: storedName(column), value: level },
  };
}
