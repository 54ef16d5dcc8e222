import { newestCompleteAnchor, oldestCollectableAnchor } from '../../ground/calendar/window.ts';
import { CollectorError } from '../../contract/error.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import type { AmcClient } from '../../data/amc/client.ts';
import type { Execution } from '../../data/amc/execution.ts';
import { findOwnExecution } from './adopt.ts';
import { executionWindow, fromAmazonsClock, instanceRef } from './amazon.ts';
import { crashPoint } from '../../ground/crash-point.ts';
import { countExecution, DayLimitReached, parkUntilTomorrow, uncountExecution } from './day-limit.ts';
import type { CollectDeps } from './deps.ts';
import { backOff, certainlyNotSent, describeError, isDifferencing, reasonOf, refusesTheCollection } from './failure.ts';
import { granted, refused } from './refused.ts';
import type { ClaimedRun } from './run.ts';
import { scaled } from './settings.ts';
import { forgetValidation } from './statements/validation.ts';
import { endWithoutData, markNotCreated, markRunning, noteCreateAttempt, noteFirstLook, postpone } from './statements/transitions.ts';
import { write } from './write.ts';
import type { Tx } from '../../ground/database.ts';

/**
 * Buys the execution of a claimed week, or finds the one it may have bought already. A run that was never sent is sent; one whose
 * fate is unknown, or whose records a restore set back, is looked for twice, some time apart, before it is concluded that there is
 * nothing to adopt.
 */
export async function create(deps: CollectDeps, run: ClaimedRun, signal: AbortSignal): Promise<void> {
  if (run.createAttemptedAt !== null) return recover(deps, run, run.createAttemptedAt, signal);
  if (run.lookSince !== null) return recover(deps, run, run.lookSince, signal);
  if (run.collectionState !== 'running') return giveUp(deps, run);
  return buy(deps, run, signal);
}

async function buy(deps: CollectDeps, run: ClaimedRun, signal: AbortSignal): Promise<void> {
  const { window } = deps.catalogue.findDataset(run.dataset, run.datasetVersion);
  const now = deps.clock();
  if (run.week < oldestCollectableAnchor(window, now, run.timeZone)) return skip(deps, run);
  if (run.week > newestCompleteAnchor(window, now, run.timeZone)) return tooEarly(deps, run);
  let client: AmcClient;
  try {
    client = await deps.amc(run.connectionId);
  } catch (error) {
    return notCreated(deps, run, error, signal);
  }
  try {
    await deps.store.transaction((tx) => noteAndCount(tx, deps, run), { signal });
  } catch (error) {
    if (!(error instanceof DayLimitReached)) throw error;
    return write(deps, run, (tx) => parkUntilTomorrow(tx, run, error));
  }
  crashPoint('create.beforeSend');
  let execution: Execution;
  try {
    execution = await client.executions.create(
      instanceRef(run),
      { workflowId: run.workflowId, window: executionWindow(run, deps.catalogue), timeoutSeconds: deps.settings.executionTimeoutSeconds },
      signal,
    );
  } catch (error) {
    // Stopped or taken over in the middle of the request: whoever claims the run next looks for the execution.
    signal.throwIfAborted();
    return certainlyNotSent(error) ? notCreated(deps, run, error, signal) : unclear(deps, run, error);
  }
  crashPoint('create.afterSend');
  await running(deps, run, execution, (tx) => granted(tx, [run], 'create'));
  crashPoint('create.afterStored');
}

async function noteAndCount(tx: Tx, { settings }: CollectDeps, run: ClaimedRun): Promise<void> {
  await noteCreateAttempt(tx, run);
  await countExecution(tx, run, settings);
}

async function recover(deps: CollectDeps, run: ClaimedRun, attemptedAt: Date, signal: AbortSignal): Promise<void> {
  let execution: Execution | undefined;
  try {
    execution = await findOwnExecution(deps, run, attemptedAt, signal);
  } catch (error) {
    signal.throwIfAborted();
    await unclear(deps, run, error);
    if (refusesTheCollection(error, 'list')) await refused(deps, run, 'list', error, signal);
    return;
  }
  if (execution) {
    deps.logger.info({ run: run.id, week: run.week, execution: execution.executionId }, 'Adopted an execution whose answer was lost.');
    crashPoint('adopt.found');
    return running(deps, run, execution);
  }
  if (run.lookedAt === null) {
    await write(deps, run, (tx) => noteFirstLook(tx, run, scaled(deps.settings.secondLookMs, deps.settings)), { silent: true });
    crashPoint('adopt.afterFirstLook');
    return;
  }
  deps.logger.info({ run: run.id, week: run.week }, 'Two looks found no execution: the request never got through.');
  if (run.collectionState !== 'running') return giveUp(deps, run);
  return buy(deps, run, signal);
}

const running = (
  deps: CollectDeps,
  run: ClaimedRun,
  execution: Execution,
  also: (tx: Tx) => Promise<void> = () => Promise.resolve(),
): Promise<void> =>
  write(deps, run, async (tx) => {
    const { executionId: id, status } = execution;
    await markRunning(
      tx,
      run,
      { id, status, createdAt: createdByOurClock(execution, deps) },
      scaled(deps.settings.pollFirstMs, deps.settings),
    );
    await also(tx);
  });

const createdByOurClock = ({ createdAt }: Execution, { clock }: CollectDeps): Date | null =>
  createdAt === null ? null : fromAmazonsClock(new Date(createdAt), clock);

/** Nothing was bought, for certain. It is tried again later; what every week would meet is the collection's matter. */
async function notCreated(deps: CollectDeps, run: ClaimedRun, error: unknown, signal: AbortSignal): Promise<void> {
  const delayMs = backOff(run, deps.settings, error);
  if (isDifferencing(reasonOf(error))) {
    const parkedMs = scaled(deps.settings.differencingParkMs, deps.settings);
    return write(deps, run, async (tx) => {
      await markNotCreated(tx, run, parkedMs, describeError(error));
      await uncountExecution(tx, run, deps.settings);
    });
  }
  await write(deps, run, async (tx) => {
    await markNotCreated(tx, run, delayMs, describeError(error));
    await uncountExecution(tx, run, deps.settings);
    // The workflow may have been deleted or changed at Amazon: save it and check it, free of charge, before the next attempt.
    if (error instanceof CollectorError && CHECK_AGAIN.includes(error.code)) await forgetValidation(tx, run.collectionId, delayMs);
  });
  if (refusesTheCollection(error, 'create')) await refused(deps, run, 'create', error, signal);
}

const CHECK_AGAIN: readonly ErrorCode[] = ['amc_not_found', 'amc_rejected_request'];

/** The answer was lost, not necessarily the request: the slot stays taken and the next claim looks for the execution. */
const unclear = (deps: CollectDeps, run: ClaimedRun, error: unknown): Promise<void> =>
  write(deps, run, (tx) => postpone(tx, run, backOff(run, deps.settings, error), describeError(error)));

/** Nothing was sent and nothing shall be: a person paused or cancelled the collection meanwhile. */
function giveUp(deps: CollectDeps, run: ClaimedRun): Promise<void> {
  return write(deps, run, async (tx) => {
    if (run.collectionState !== 'cancelled') await markNotCreated(tx, run, 0, null);
    else await endWithoutData(tx, run, 'skipped', { code: 'execution_cancelled', message: 'The collection was cancelled.' });
    await uncountExecution(tx, run, deps.settings);
  });
}

/** A clock that was ahead planned it: Amazon's answer would be empty, and paid for. */
const tooEarly = (deps: CollectDeps, run: ClaimedRun): Promise<void> =>
  write(deps, run, async (tx) => {
    const message = 'The week is not complete yet; it is bought two days after its end.';
    await markNotCreated(tx, run, scaled(deps.settings.notCompleteMs, deps.settings), { code: 'week_out_of_range', message });
    await uncountExecution(tx, run, deps.settings);
  });

const skip = (deps: CollectDeps, run: ClaimedRun): Promise<void> =>
  write(deps, run, async (tx) => {
    await endWithoutData(tx, run, 'skipped', {
      code: 'week_out_of_range',
      message: 'Amazon keeps 13 months, and this week was older when its turn came. Import its result file if you have one.',
    });
    await uncountExecution(tx, run, deps.settings);
  });
