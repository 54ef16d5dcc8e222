import type { HeldRunDetail } from '../../contract/held-runs.ts';
import { lockCollection } from '../../engine/collect/collections/lock.ts';
import { heldRunChanged, weekChanged } from '../../engine/collect/events.ts';
import type { Tx } from '../../ground/database.ts';
import { decide } from '../../ground/decide.ts';
import type { ReviewContext } from './context.ts';
import { heldRunDetail } from './detail.ts';
import { conflict, noHeldRun } from './refusals.ts';
import { deleteDifference } from './statements/difference.ts';
import { lockHeldRun, selectHeldRun, type HeldRow } from './statements/held-runs.ts';

/** Before a person's decision gives up waiting for a merge or another decision. */
const LOCK_TIMEOUT = `SET LOCAL lock_timeout = '10s'`;

export interface HeldRunDecision {
  runId: string;
  /** 'heldRun.accept' */
  action: string;
  reason: string;
  /** Writes the decision. @returns particulars for the record */
  change(tx: Tx, held: HeldRow): Promise<Record<string, unknown>>;
}

/** One person's decision about a held run. @returns the run as it is then @throws CollectorError not_found, conflict */
export async function decideHeldRun(ctx: ReviewContext, decision: HeldRunDecision): Promise<HeldRunDetail> {
  await settleHeldRun(ctx, decision);
  return heldRunDetail(ctx, decision);
}

/**
 * The decision alone. Of two who decide at once one wins and the other learns who. The rows of the difference go with the decision.
 * @throws CollectorError not_found, conflict
 */
export async function settleHeldRun(ctx: ReviewContext, { runId, action, reason, change }: HeldRunDecision): Promise<void> {
  await decide<HeldRow, Record<string, unknown>>(ctx, {
    action,
    lock: (tx) => lockUndecided(tx, ctx, runId),
    async change(tx, held) {
      const details = await change(tx, held);
      await deleteDifference(tx, runId);
      return details;
    },
    record: ({ collectionId, week }, details) => ({ subject: `run ${runId}`, details: { collectionId, week, reason, ...details } }),
    events(held) {
      const run = { ...held, id: runId, workspaceId: ctx.scope.workspaceId };
      return [heldRunChanged(run), weekChanged(run)];
    },
  });
}

async function lockUndecided(tx: Tx, { scope }: ReviewContext, runId: string): Promise<HeldRow> {
  await tx.query(LOCK_TIMEOUT);
  const seen = await selectHeldRun(tx, scope, runId);
  if (!seen) throw noHeldRun(runId);
  // The collection first, as everything else that decides about its weeks does.
  if (!(await lockCollection(tx, scope, seen.collectionId))) throw noHeldRun(runId);
  const held = await lockHeldRun(tx, scope, runId);
  if (!held) throw noHeldRun(runId);
  if (held.decision !== null) throw decidedAlready(held);
  return held;
}

const WORDS = { accepted: 'accepted', kept: 'set aside', run_again: 'set aside and run again', superseded: 'superseded' } as const;

function decidedAlready({ runId, decision, decidedBy, decidedAt, decisionReason }: HeldRow) {
  const by = decidedBy === null ? '' : ` by ${decidedBy}`;
  const why = decisionReason === null ? '' : `: ${decisionReason}`;
  return conflict(`Run ${runId} was ${WORDS[decision!]} already${by} at ${decidedAt!.toISOString()}${why}`, {
    decision,
    by: decidedBy,
    at: decidedAt!.toISOString(),
  });
}

/** The run left its state between our two looks, or by a hand that does not go through here. */
export const noLongerHeld = ({ runId, runState }: HeldRow) =>
  conflict(`Run ${runId} is ${runState} and not held any more; look at its week.`);
