import { hasWindow, type DayWindow } from '../../data/amc/window.ts';
import type { Execution } from '../../data/amc/execution.ts';
import { executionWindow, instanceRef, onAmazonsClock } from './amazon.ts';
import type { CollectDeps } from './deps.ts';
import type { ClaimedRun } from './run.ts';
import { heldExecutions } from './statements/executions.ts';

/**
 * Looks for the execution that a create request of unknown fate may have bought.
 *
 * Amazon's create is not idempotent and takes no token of ours, so what belongs to the run is told by what it must be: made by our
 * workflow (its id names the SQL), for the very window, without parameters, held by no run, and created not before we first noted
 * the attempt. The note is by the database's clock and the creation by Amazon's, hence the slack. The slack cannot let in an older
 * execution of a restated week: that one is held by the run that bought it. One that FAILED is of no use and is bought again.
 */
export async function findOwnExecution(
  deps: CollectDeps,
  run: ClaimedRun,
  attemptedAt: Date,
  signal: AbortSignal,
): Promise<Execution | undefined> {
  const client = await deps.amc(run.connectionId);
  const since = new Date(onAmazonsClock(attemptedAt, deps.clock).getTime() - deps.settings.clockSlackMs);
  const listed = await client.executions.list(instanceRef(run), { createdSince: since, workflowId: run.workflowId }, signal);
  const window = executionWindow(run, deps.catalogue);
  const candidates = listed.filter((execution) => couldBeOurs(execution, run, window, since));
  if (candidates.length === 0) return undefined;
  const held = await heldExecutions(
    deps.store.pool,
    run.instanceId,
    candidates.map((execution) => execution.executionId),
  );
  // The first that was created: if there should be several, it is the one whose answer we lost.
  return candidates.filter((execution) => !held.has(execution.executionId)).sort((a, b) => createdMs(a) - createdMs(b))[0];
}

function couldBeOurs(execution: Execution, run: ClaimedRun, window: DayWindow, since: Date): boolean {
  return (
    execution.workflowId === run.workflowId &&
    hasWindow(execution, window) &&
    Object.keys(execution.parameterValues).length === 0 &&
    createdMs(execution) >= since.getTime() &&
    execution.outcome !== 'failed'
  );
}

/** An execution without a creation time cannot prove that it is new. */
const createdMs = (execution: Execution): number =>
  execution.createdAt === null ? Number.NEGATIVE_INFINITY : Date.parse(execution.createdAt);
