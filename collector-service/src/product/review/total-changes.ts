import type { TotalChange } from '../../contract/total-change.ts';
import { shownValue } from '../../engine/query/index.ts';
import type { Totals } from '../../data/store/merge/input.ts';

/**
 * Sums before and after, one line per metric and currency.
 * @param before null or empty when nothing was served
 */
export function totalChanges(before: Totals | null, after: Totals): TotalChange[] {
  const metrics = [...new Set([...Object.keys(after), ...Object.keys(before ?? {})])];
  return metrics.flatMap((metric) => {
    const [was, is] = [before?.[metric], after[metric]];
    if (typeof (is ?? was) === 'string') return [line(metric, null, was as string | undefined, is as string | undefined)];
    const [old, fresh] = [(was ?? {}) as Record<string, string>, (is ?? {}) as Record<string, string>];
    const currencies = [...new Set([...Object.keys(old), ...Object.keys(fresh)])].sort();
    return currencies.map((currency) => line(metric, shownValue(undefined, currency), old[currency], fresh[currency]));
  });
}

function line(metric: string, currency: string | null, before: string | undefined, after: string | undefined): TotalChange {
  const change = before === undefined || Number(before) === 0 ? null : (Number(after ?? 0) - Number(before)) / Math.abs(Number(before));
  return { metric, currency, before: before ?? null, after: after ?? null, change };
}

/** The largest |change|, or null when nothing can be compared. */
export function largestMove(changes: readonly TotalChange[]): number | null {
  const moves = changes.flatMap(({ change }) => (change === null ? [] : [Math.abs(change)]));
  return moves.length === 0 ? null : Math.max(...moves);
}
