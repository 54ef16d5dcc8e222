import { PRIORITY } from '../../engine/collect/priority.ts';
import { insertRun } from '../../engine/collect/statements/control.ts';
import type { DecideHeldRun, HeldRunDetail } from '../../contract/held-runs.ts';
import { decide, noLongerHeld } from './decide.ts';
import type { Actor, ReviewDeps } from './deps.ts';
import { conflict } from './refusals.ts';
import { setAside, writeDecision } from './statements/decisions.ts';

/**
 * Sets the held result aside and asks Amazon anew, ahead of everything else: a paid execution. What is served stays meanwhile.
 * @throws CollectorError not_found; conflict when it is decided already, the week is being collected, or the collection is cancelled
 */
export const runAgain = (
  deps: ReviewDeps,
  actor: Actor,
  runId: string,
  { reason }: DecideHeldRun,
  signal: AbortSignal,
): Promise<HeldRunDetail> =>
  decide(
    deps,
    actor,
    runId,
    { action: 'heldRun.runAgain', reason },
    async (tx, held) => {
      const { collection, collectionId, collectionState, instanceId, week } = held;
      if (collectionState === 'cancelled')
        throw conflict(`Collection '${collection}' is cancelled: its weeks cannot be collected again. Create a new collection for them.`);
      await writeDecision(tx, runId, { decision: 'run_again', person: actor.person, reason });
      if (!(await setAside(tx, runId, `${actor.person} set the result aside and ran the week again (${reason}).`)))
        throw noLongerHeld(held);
      const newRunId = await insertRun(tx, collectionId, instanceId, week, PRIORITY.person);
      if (newRunId === undefined) throw conflict(`Week ${week} is being collected already; wait for its result and decide about that.`);
      return { newRunId };
    },
    signal,
  );
