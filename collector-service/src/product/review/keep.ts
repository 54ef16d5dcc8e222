import type { DecideHeldRun, HeldRunDetail } from '../../contract/held-runs.ts';
import { decide, noLongerHeld } from './decide.ts';
import type { Actor, ReviewDeps } from './deps.ts';
import { setAside, writeDecision } from './statements/decisions.ts';

/**
 * Leaves served what is served. The run counts as skipped from then on, so that its week no longer asks for attention; its file stays
 * until the clean-up takes it.
 * @throws CollectorError not_found, conflict when it is decided already
 */
export const keep = (
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
    { action: 'heldRun.keep', reason },
    async (tx, held) => {
      await writeDecision(tx, runId, { decision: 'kept', person: actor.person, reason });
      const stays = held.servedVersion === '0' ? 'Nothing is served of the week' : 'What was served stays';
      if (!(await setAside(tx, runId, `${stays}: ${actor.person} set the result aside (${reason}).`))) throw noLongerHeld(held);
      return { servedVersion: Number(held.servedVersion) };
    },
    signal,
  );
