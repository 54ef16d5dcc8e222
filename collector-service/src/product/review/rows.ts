import type { HeldRows, HeldRowsQuery } from '../../contract/held-rows.ts';
import { shownValue } from '../../engine/query/index.ts';
import type { WeekChange } from '../../data/store/merge/input.ts';
import { readScoped } from '../../data/store/scope.ts';
import type { ReviewContext } from './context.ts';
import { ensureDifference } from './difference.ts';
import { LISTED_AT_MOST, rowShape, selectRows, type DifferingRow, type RowShape } from './statements/difference.ts';

/**
 * A page of the rows in which a held result differs from what is served, those that move the totals most first.
 * @throws CollectorError not_found; conflict when there is nothing (any more) to compare
 */
export async function heldRows(
  ctx: ReviewContext,
  { runId, kind, cursor = 0, limit }: { runId: string } & HeldRowsQuery,
): Promise<HeldRows> {
  const { store, scope, signal } = ctx;
  const { servedVersion, change, dataset } = await ensureDifference(ctx, runId);
  const rows = await readScoped(store, scope.instanceIds, (tx) => selectRows(tx, runId, kind, cursor, limit + 1), { signal });
  const shown = rows.slice(0, limit);
  const total = countOf(change)[kind];
  const shape = rowShape(dataset);
  return {
    runId,
    kind,
    servedVersion: Number(servedVersion),
    total,
    listed: Math.min(total, LISTED_AT_MOST),
    rows: shown.map((row) => toShownRow(row, shape)),
    nextCursor: rows.length > limit ? shown.at(-1)!.row : null,
  };
}

const countOf = ({ rowsAdded, rowsChanged, rowsVanished }: WeekChange) => ({
  added: rowsAdded,
  changed: rowsChanged,
  vanished: rowsVanished,
});

function toShownRow({ row, keys, before, after, extraBefore, extraAfter }: DifferingRow, shape: RowShape): HeldRows['rows'][number] {
  const numbers = [
    ...shape.numbers.map((column, place) => ({ column, before: before?.[place] ?? null, after: after?.[place] ?? null })),
    { column: 'extra', before: extraBefore, after: extraAfter },
  ];
  const shown = (value: string | null | undefined): string | null =>
    value === null || value === undefined ? null : shownValue(undefined, value);
  return {
    row,
    keys: Object.fromEntries(shape.keys.map((name, place) => [name, shown(keys[place])])),
    numbers: numbers.filter((each) => each.before !== each.after),
  };
}
