import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Cell } from '../cells/cells.ts';

/** The cells of one group in one bucket, by currency ('' when currencies were not asked for). */
export type CurrencyCells = ReadonlyMap<string, Cell>;

/** What stands in one row of an answer: a group in a bucket, now and in the period it is compared with. */
export interface Row {
  bucket: IsoDate | null;
  /** Stored values of the question's dimensions. */
  group: readonly string[];
  current: CurrencyCells | null;
  previous: CurrencyCells | null;
}

/**
 * Joins the cells of both periods to rows, in the order the current ones came; rows that only the earlier period has follow.
 * @param toCurrent gives the current bucket that an earlier one stands beside
 */
export function joinRows(current: readonly Cell[], previous: readonly Cell[], toCurrent: (bucket: IsoDate) => IsoDate): Row[] {
  const rows = new Map<
    string,
    { bucket: IsoDate | null; group: readonly string[]; current: Map<string, Cell> | null; previous: Map<string, Cell> | null }
  >();
  const put = (cell: Cell, bucket: IsoDate | null, side: 'current' | 'previous'): void => {
    // No text of PostgreSQL holds a NUL.
    const key = `${bucket}\0${cell.group.join('\0')}`;
    let row = rows.get(key);
    if (row === undefined) rows.set(key, (row = { bucket, group: cell.group, current: null, previous: null }));
    (row[side] ??= new Map()).set(cell.currency ?? '', cell);
  };
  for (const cell of current) put(cell, cell.bucket, 'current');
  for (const cell of previous) put(cell, cell.bucket === null ? null : toCurrent(cell.bucket), 'previous');
  return [...rows.values()];
}
