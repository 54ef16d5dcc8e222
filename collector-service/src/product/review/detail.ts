import type { HeldRunDetail } from '../../contract/held-runs.ts';
import type { WeekChange } from '../../data/store/merge/input.ts';
import { readScoped } from '../../data/store/scope.ts';
import type { ReviewContext } from './context.ts';
import { ensureDifference } from './difference.ts';
import { toHeldRun } from './held-runs.ts';
import { noHeldRun } from './refusals.ts';
import { selectHeldRun, type HeldRow } from './statements/held-runs.ts';
import { largestMove, totalChanges } from './total-changes.ts';

/**
 * A held run with what accepting it would do to what is served now; of a decided one, with what the person saw who decided.
 * When something else is served than when the run was held, the difference is made anew from the kept file.
 * @throws CollectorError not_found; conflict when the file is needed and kept no longer
 */
export async function heldRunDetail(ctx: ReviewContext, { runId }: { runId: string }): Promise<HeldRunDetail> {
  const { store, scope, signal } = ctx;
  const row = await readScoped(store, scope.instanceIds, (tx) => selectHeldRun(tx, scope, runId), { signal });
  if (!row) throw noHeldRun(runId);
  const stale = row.decision === null && row.servedVersion !== row.heldAgainst;
  const change = stale && row.acceptable ? (await ensureDifference(ctx, runId)).change : row.change;
  return {
    ...toHeldRun(row),
    servedVersion: Number(row.decision === null ? row.servedVersion : row.heldAgainst),
    stale,
    difference: change && describe(change),
    waiting: whyWaiting(row),
  };
}

function describe({ rowsBefore, rowsTotal, rowsAdded, rowsChanged, rowsVanished, totalsBefore, totalsAfter }: WeekChange) {
  const totals = totalChanges(totalsBefore, totalsAfter);
  return { rowsBefore, rowsAfter: rowsTotal, rowsAdded, rowsChanged, rowsVanished, totals, largestMove: largestMove(totals) };
}

/** An accepted result is merged by a worker, and not before its collection is at work. */
function whyWaiting({ decision, runState, runMessage, collection, collectionState, stopReason }: HeldRow): string | null {
  if (decision !== 'accepted' || runState === 'done') return null;
  if (runState === 'downloading' || runState === 'merging') {
    if (collectionState === 'paused') return `Collection '${collection}' is paused: the week is merged when it is resumed.`;
    if (collectionState === 'stopped')
      return `Collection '${collection}' is stopped (${stopReason ?? 'no reason is known'}): the week is merged when it is resumed.`;
    return runMessage ?? 'The next free worker merges the week.';
  }
  return `The run is ${runState}: ${runMessage ?? 'no reason is known.'}`;
}
