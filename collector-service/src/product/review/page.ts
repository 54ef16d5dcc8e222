/** Where a page of a list ordered by (instant, id) descending ended: microseconds since 1970 UTC and a run's id, as in '1770000000000000-12'. */
export interface Place {
  at: string;
  id: string;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

/** @param cursor checked by the contract */
export function placeOf(cursor: string | undefined): Place | null {
  if (cursor === undefined) return null;
  const [at, id] = cursor.split('-') as [string, string];
  return { at, id };
}

/** A page out of one row more than was asked for: the one too many tells that there is a next page. */
export function pageOf<T>(rows: readonly T[], limit: number, place: (row: T) => Place): Page<T> {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  if (rows.length <= limit || last === undefined) return { items, nextCursor: null };
  const { at, id } = place(last);
  return { items, nextCursor: `${at}-${id}` };
}
