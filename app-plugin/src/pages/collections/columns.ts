import type { Collection } from '@amc-reports/collector-service/contract';
import { COLLECTION_STATUS, statusOf } from '../../wording/collection-status';

/** What the list can be sorted by. Missing values come last in rising order. */
export const SORTABLE = {
  name: (collection) => collection.name.toLocaleLowerCase(),
  state: (collection) => COLLECTION_STATUS[statusOf(collection)].label,
  progress: (collection) => (collection.weeksTotal === 0 ? 0 : collection.weeks.done / collection.weeksTotal),
  dataAsOf: (collection) => collection.dataAsOf ?? '',
  rows: (collection) => collection.rows,
} as const satisfies Record<string, (collection: Collection) => string | number>;

export type SortColumn = keyof typeof SORTABLE;
export interface Sorting {
  readonly column: SortColumn;
  readonly direction: 'ascending' | 'descending';
}

/** A sorted copy; equal ones keep the collector's order. Without a sorting the collector's order stays. */
export function sorted(collections: readonly Collection[], sorting: Sorting | undefined): Collection[] {
  if (!sorting) return [...collections];
  const key = SORTABLE[sorting.column];
  const sign = sorting.direction === 'ascending' ? 1 : -1;
  return [...collections].sort((a, b) => sign * compare(key(a), key(b)));
}

const compare = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));

/** First click rising, second falling, third back to the collector's order. */
export function nextSorting(sorting: Sorting | undefined, column: SortColumn): Sorting | undefined {
  if (sorting?.column !== column) return { column, direction: 'ascending' };
  return sorting.direction === 'ascending' ? { column, direction: 'descending' } : undefined;
}
