import type { DecideHeldRun, HeldRunDetail } from '../../contract/held-runs.ts';
import type { ReviewContext } from './context.ts';
import { decideHeldRun, noLongerHeld, type HeldRunDecision } from './decide.ts';
import { setAside, writeDecision } from './statements/decisions.ts';

/**
 * Leaves served what is served. The run counts as skipped from then on, so that its week no longer asks for attention; its file stays
 * until the clean-up takes it.
 * @throws CollectorError not_found, conflict when it is decided already
 */
export const keepHeldRun = (ctx: ReviewContext, input: { runId: string } & DecideHeldRun): Promise<HeldRunDetail> =>
  decideHeldRun(ctx, keeping(ctx, input));

export const keeping = (ctx: ReviewContext, { runId, reason }: { runId: string } & DecideHeldRun): HeldRunDecision => ({
  runId,
  action: 'heldRun.keep',
  reason,
  async change(tx, held) {
    await writeDecision(tx, runId, { decision: 'kept', person: ctx.actor, reason });
    const stays = held.servedVersion === '0' ? 'Nothing is served of the week' : 'What was served stays';
    if (!(await setAside(tx, runId, `${stays}: ${ctx.actor} set the result aside (${reason}).`))) throw noLongerHeld(held);
    return { servedVersion: Number(held.servedVersion) };
  },
});
