import { newestRun } from '../../engine/collect/runs.ts';
import { PRIORITY } from '../../engine/collect/priority.ts';
import { OPEN_STATES, type WeekState } from '../../engine/collect/states.ts';
import type { AcceptHeldRun, HeldRunDetail } from '../../contract/held-runs.ts';
import type { ReviewContext } from './context.ts';
import { decideWithin } from '../../ground/decide.ts';
import { decideHeldRun, noLongerHeld, type HeldRunDecision } from './decide.ts';
import { conflict } from './refusals.ts';
import { settingRule } from './rules.ts';
import { releaseRun, writeDecision } from './statements/decisions.ts';
import { selectDifference } from './statements/difference.ts';
import type { HeldRow } from './statements/held-runs.ts';
import type { Tx } from '../../ground/database.ts';

/**
 * Takes a held result as it is: its kept file is merged by the next free worker, whatever the quality rules say. What is served stays
 * until that merge is committed. In a paused or stopped collection the merge waits until it is resumed; the answer says so.
 * @throws CollectorError not_found; conflict when it is decided already, cannot be read as rows, another version is served than the
 *   one looked at, the week has a later run, or the collection is cancelled
 */
export const acceptHeldRun = (ctx: ReviewContext, input: { runId: string } & AcceptHeldRun): Promise<HeldRunDetail> =>
  decideHeldRun(ctx, accepting(ctx, input));

export const accepting = (ctx: ReviewContext, { runId, ...input }: { runId: string } & AcceptHeldRun): HeldRunDecision => ({
  runId,
  action: 'heldRun.accept',
  reason: input.reason,
  async change(tx, held) {
    assertAcceptable(held);
    await assertNewest(tx, held);
    assertSeen(held, input.servedVersion);
    const { reason, remember } = input;
    const { servedVersion } = held;
    const looked = await selectDifference(tx, runId);
    const change = looked?.servedVersion === servedVersion ? looked.change : held.change;
    await writeDecision(tx, runId, { decision: 'accepted', person: ctx.actor, reason, seen: { servedVersion, change } });
    if (!(await releaseRun(tx, runId, PRIORITY.person))) throw noLongerHeld(held);
    if (remember === undefined) return { servedVersion: Number(servedVersion) };
    const { dataset, instance } = held;
    const rule = { dataset, maxMove: remember.maxMove, reason, ...(remember.allInstances ? {} : { instance }) };
    await decideWithin(tx, ctx, settingRule(ctx, rule));
    return { servedVersion: Number(servedVersion), remember };
  },
});

function assertAcceptable(held: HeldRow): void {
  const { runId, collection, collectionState, acceptable, objections } = held;
  if (collectionState === 'cancelled')
    throw conflict(`Collection '${collection}' is cancelled, so nothing is merged for it any more. Collect the week in a new collection.`);
  if (!acceptable)
    throw conflict(
      `The result of run ${runId} is not what its dataset promises, so it cannot be accepted: ${objections[0]?.message ?? 'it could not be read.'} Keep what is served, or run the week again.`,
    );
}

const isOpen = (state: WeekState): boolean => (OPEN_STATES as readonly WeekState[]).includes(state);

async function assertNewest(tx: Tx, { runId, collectionId, week }: HeldRow): Promise<void> {
  const newest = await newestRun(tx, collectionId, week);
  if (!newest || newest.id === runId) return;
  const { id, state } = newest;
  if (isOpen(state))
    throw conflict(`Week ${week} is being collected right now (run ${id} is ${state}). Wait for its result and decide about that.`);
  throw conflict(`Week ${week} has a later run (${id}, ${state}). Run the week again and decide about its result.`);
}

/** What a person accepts is a difference; against another version it is another difference. */
function assertSeen({ runId, heldAgainst, servedVersion }: HeldRow, seen: number | undefined): void {
  const expected = seen === undefined ? heldAgainst : String(seen);
  if (expected === servedVersion) return;
  throw conflict(
    `Version ${servedVersion} of the week is served by now, and run ${runId} was ${seen === undefined ? 'held' : 'looked at'} against version ${expected}. Look at the difference again and accept it with servedVersion ${servedVersion}.`,
    { seen: Number(expected), servedVersion: Number(servedVersion) },
  );
}
