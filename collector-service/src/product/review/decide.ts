import type { Tx } from '../../engine/collect/run.ts';
import { writeAudit } from '../../engine/collect/statements/audit.ts';
import { lockCollection } from '../../engine/collect/statements/control.ts';
import { announce } from '../../engine/collect/statements/events.ts';
import type { HeldRunDetail } from '../../contract/held-runs.ts';
import { crashPoint } from '../../ground/crash-point.ts';
import { heldRunDetail } from './detail.ts';
import type { Actor, ReviewDeps } from './deps.ts';
import { conflict, noHeldRun } from './refusals.ts';
import { deleteDifference } from './statements/difference.ts';
import { lockHeldRun, selectHeldRun, type HeldRow } from './statements/held-runs.ts';

/** Before a person's decision gives up waiting for a merge or another decision. */
const LOCK_TIMEOUT = `SET LOCAL lock_timeout = '10s'`;

/**
 * One person's decision about a held run: lock, check, do, record, tell, in one transaction. Of two who decide at once one wins and
 * the other learns who. The rows of the difference go with the decision.
 * @param action 'heldRun.accept'
 * @param deed writes the decision and returns particulars for the audit log
 * @throws CollectorError not_found, conflict
 */
export async function decide(
  deps: ReviewDeps,
  { scope, person }: Actor,
  runId: string,
  { action, reason }: { action: string; reason: string },
  deed: (tx: Tx, held: HeldRow) => Promise<Record<string, unknown>>,
  signal: AbortSignal,
): Promise<HeldRunDetail> {
  await deps.store.transaction(
    async (tx) => {
      await tx.query(LOCK_TIMEOUT);
      const seen = await selectHeldRun(tx, scope, runId);
      if (!seen) throw noHeldRun(runId);
      // The collection first, as everything else that decides about its weeks does.
      if (!(await lockCollection(tx, scope, seen.collectionId))) throw noHeldRun(runId);
      const held = await lockHeldRun(tx, scope, runId);
      if (!held) throw noHeldRun(runId);
      if (held.decision !== null) throw decidedAlready(held);
      const details = await deed(tx, held);
      await deleteDifference(tx, runId);
      const { collectionId, week } = held;
      await writeAudit(tx, {
        workspaceId: scope.workspaceId,
        person,
        action,
        subject: `run ${runId}`,
        details: { collectionId, week, reason, ...details },
      });
      await announce(tx, [{ workspaceId: scope.workspaceId, collectionId, week }]);
      crashPoint('decide.beforeCommit');
    },
    { signal },
  );
  return heldRunDetail(deps, scope, runId, signal);
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
