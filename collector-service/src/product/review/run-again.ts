import { PRIORITY } from '../../engine/collect/priority.ts';
import { insertRun } from '../../engine/collect/runs.ts';
import type { DecideHeldRun, HeldRunDetail } from '../../contract/held-runs.ts';
import type { ReviewContext } from './context.ts';
import { decideHeldRun, noLongerHeld, type HeldRunDecision } from './decide.ts';
import { conflict } from './refusals.ts';
import { setAside, writeDecision } from './statements/decisions.ts';

/**
 * Sets the held result aside and asks Amazon anew, ahead of everything else: a paid execution. What is served stays meanwhile.
 * @throws CollectorError not_found; conflict when it is decided already, the week is being collected, or the collection is cancelled
 */
export const runHeldRunAgain = (ctx: ReviewContext, input: { runId: string } & DecideHeldRun): Promise<HeldRunDetail> =>
  decideHeldRun(ctx, runningAgain(ctx, input));

export const runningAgain = (ctx: ReviewContext, { runId, reason }: { runId: string } & DecideHeldRun): HeldRunDecision => ({
  runId,
  action: 'heldRun.runAgain',
  reason,
  async change(tx, held) {
    const { collection, collectionId, collectionState, instanceId, week } = held;
    if (collectionState === 'cancelled')
      throw conflict(`Collection '${collection}' is cancelled: its weeks cannot be collected again. Create a new collection for them.`);
    await writeDecision(tx, runId, { decision: 'run_again', person: ctx.actor, reason });
    if (!(await setAside(tx, runId, `${ctx.actor} set the result aside and ran the week again (${reason}).`))) throw noLongerHeld(held);
    const newRunId = await insertRun(tx, collectionId, instanceId, week, PRIORITY.person);
    if (newRunId === undefined) throw conflict(`Week ${week} is being collected already; wait for its result and decide about that.`);
    return { newRunId };
  },
});
