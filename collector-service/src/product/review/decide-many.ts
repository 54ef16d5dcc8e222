import { CollectorError } from '../../contract/error.ts';
import { MOST_DECIDED, type DecideHeldRuns, type HeldDecisions } from '../../contract/held-questions.ts';
import { readScoped } from '../../data/store/scope.ts';
import { accepting } from './accept.ts';
import type { ReviewContext } from './context.ts';
import { settleHeldRun, type HeldRunDecision } from './decide.ts';
import { keeping } from './keep.ts';
import { noHeldRun } from './refusals.ts';
import { runningAgain } from './run-again.ts';
import { selectOpenRuns, type OpenRun } from './statements/questions.ts';

type Refused = HeldDecisions['refused'][number];

const DECISIONS = { accept: accepting, keep: keeping, run_again: runningAgain } satisfies Record<
  DecideHeldRuns['decision'],
  (ctx: ReviewContext, input: { runId: string; reason: string }) => HeldRunDecision
>;

/**
 * Decides about many held runs, oldest week first: those named, or the undecided ones that meet every condition. Each for itself, in a
 * transaction with its own record and event: one that cannot be decided about so is told with the reason, and the others are decided all
 * the same. Asked again after an interruption, it goes on with those that are left.
 * @throws CollectorError database_unavailable and the like, with what was decided before it standing
 */
export async function decideHeldRuns(
  ctx: ReviewContext,
  { decision, reason, runs, where, dryRun }: DecideHeldRuns,
): Promise<HeldDecisions> {
  const { store, scope, signal } = ctx;
  const filter = { where: where ?? {}, runs: runs ?? null, limit: MOST_DECIDED };
  const found = await readScoped(store, scope.instanceIds, (tx) => selectOpenRuns(tx, scope, filter), { signal });
  const left = (found[0]?.matching ?? 0) - found.length;
  const others = (runs ?? []).filter((runId) => !found.some((run) => run.runId === runId));
  if (dryRun) return { decided: found.map(toDecided), refused: others.map((runId) => refusedAs(runId, noHeldRun(runId))), left };
  const refused: Refused[] = [];
  for (const runId of [...found.map((run) => run.runId), ...others]) {
    signal?.throwIfAborted();
    const why = await refusalOf(settleHeldRun(ctx, DECISIONS[decision](ctx, { runId, reason })));
    if (why) refused.push(refusedAs(runId, why));
  }
  return { decided: found.filter(({ runId }) => !refused.some((each) => each.runId === runId)).map(toDecided), refused, left };
}

/** What belongs to one run alone; anything else concerns them all. */
async function refusalOf(settled: Promise<void>): Promise<CollectorError | undefined> {
  try {
    await settled;
    return undefined;
  } catch (error) {
    if (error instanceof CollectorError && (error.code === 'not_found' || error.code === 'conflict')) return error;
    throw error;
  }
}

const refusedAs = (runId: string, { code, message }: CollectorError): Refused => ({ runId, code, message });
const toDecided = ({ runId, collectionId, instance, week }: OpenRun): HeldDecisions['decided'][number] => ({
  runId,
  collectionId,
  instance,
  week,
});
