import type { Execution } from '../../data/amc/execution.ts';
import { CollectorError } from '../../contract/error.ts';
import { readClocks } from '../../ground/calendar/clocks.ts';
import { instanceRef, onAmazonsClock } from './amazon.ts';
import { crashPoint } from '../../ground/crash-point.ts';
import type { CollectDeps } from './deps.ts';
import { backOff, describeError, failedFor, isDifferencing, refusesTheCollection } from './failure.ts';
import { granted, refused } from './refused.ts';
import type { ClaimedRun } from './run.ts';
import { overdueAfterMs, scaled, type CollectSettings } from './settings.ts';
import { lockCollections, type StopReason } from './statements/collections.ts';
import { endWithoutData, keepPolling, markForAnotherExecution, markSucceeded, postpone } from './statements/transitions.ts';
import { noteStopped, stopForGood } from './stop.ts';
import type { Tx } from '../../ground/database.ts';
import { announce } from '../../ground/outbox/announce.ts';
import { weekChanged } from './events.ts';

/**
 * What a poll found out about a run; `unsure`: Amazon knows no such execution now, `missing`: it has said so for an hour, `overdue`:
 * the execution does not end.
 */
interface Finding {
  run: ClaimedRun;
  execution: Execution | undefined;
  verdict: Execution['outcome'] | 'unsure' | 'missing' | 'overdue';
}

/** Asks Amazon once for all running weeks of one instance and moves on those whose execution has ended. Their slots are free then. */
export async function poll(deps: CollectDeps, runs: readonly ClaimedRun[], signal: AbortSignal): Promise<void> {
  let findings: Finding[];
  try {
    crashPoint('poll.beforeList');
    findings = await look(deps, runs, signal);
    crashPoint('poll.afterList');
  } catch (error) {
    signal.throwIfAborted();
    return askAgainLater(deps, runs, error, signal);
  }
  const stopped = await record(deps, findings);
  crashPoint('poll.afterStored');
  for (const { run, execution } of stopped) noteStopped(deps, run, rejectionOf(execution).message);
}

async function look(deps: CollectDeps, runs: readonly ClaimedRun[], signal: AbortSignal): Promise<Finding[]> {
  const first = runs[0]!;
  const client = await deps.amc(first.connectionId);
  const oldest = Math.min(...runs.map((run) => onAmazonsClock(run.createAttemptedAt!, deps.clock).getTime()));
  // Scaled, since less slack loses nothing: what is not on the list is asked for by its id. In quick time a minute holds hundreds.
  const since = oldest - scaled(deps.settings.clockSlackMs, deps.settings);
  const listed = new Map(
    (await client.executions.list(instanceRef(first), { createdSince: new Date(since) }, signal)).map((each) => [each.executionId, each]),
  );
  const findings: Finding[] = [];
  // A clock that jumped ahead must not cancel what is paid for.
  const overdueAt = (await maybeOverdue(deps, runs)) ? overdueAfterMs(deps.settings) : Number.POSITIVE_INFINITY;
  for (const run of runs) {
    const execution = listed.get(run.executionId!) ?? (await lookUp(deps, run, signal));
    findings.push({ run, execution, verdict: judge(run, execution, overdueAt, deps.settings) });
  }
  for (const finding of findings) await cancelUnwanted(deps, finding, signal);
  return findings;
}

/** Whether some execution takes longer than it may, by clocks that may be believed. */
const maybeOverdue = async ({ store, settings }: CollectDeps, runs: readonly ClaimedRun[]): Promise<boolean> =>
  runs.some((run) => run.sinceAttemptMs! > overdueAfterMs(settings)) && (await readClocks(store.pool)).agree;

/** Not on the list: a fresh execution may be listed late, so only an older one is asked for by its id. */
async function lookUp(deps: CollectDeps, run: ClaimedRun, signal: AbortSignal): Promise<Execution | undefined> {
  if (isFresh(run, deps.settings)) return undefined;
  const client = await deps.amc(run.connectionId);
  try {
    return await client.executions.get(instanceRef(run), run.executionId!, signal);
  } catch (error) {
    if (error instanceof CollectorError && error.code === 'amc_not_found') return undefined;
    throw error;
  }
}

const NOT_FOUND = 'amc_not_found';

const isFresh = (run: ClaimedRun, settings: CollectSettings): boolean => run.sinceAttemptMs! < scaled(settings.secondLookMs, settings);

function judge(run: ClaimedRun, execution: Execution | undefined, overdueAt: number, settings: CollectSettings): Finding['verdict'] {
  if (execution && execution.outcome !== 'open') return execution.outcome;
  if (run.sinceAttemptMs! > overdueAt) return 'overdue';
  if (execution || isFresh(run, settings)) return 'open';
  return failedFor(run, NOT_FOUND) >= scaled(settings.refusalMs, settings) ? 'missing' : 'unsure';
}

/** Stops at Amazon what nobody waits for any more; the next polls see it end. One that has ended meanwhile cannot be cancelled. */
async function cancelUnwanted(deps: CollectDeps, { run, verdict }: Finding, signal: AbortSignal): Promise<void> {
  if (verdict !== 'overdue' && !(verdict === 'open' && run.collectionState === 'cancelled')) return;
  const client = await deps.amc(run.connectionId);
  try {
    await client.executions.cancel(instanceRef(run), run.executionId!, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CollectorError)) throw error;
    deps.logger.info({ run: run.id, execution: run.executionId, code: error.code }, 'Amazon did not cancel the execution.');
  }
}

/**
 * Writes what was found in one transaction, and in the same one stops the collections of which Amazon rejects the query: a worker that
 * ends in between would leave every other week to be bought and rejected.
 * @returns one finding for each collection that was stopped
 */
async function record(deps: CollectDeps, findings: readonly Finding[]): Promise<Finding[]> {
  return deps.store.transaction(async (tx) => {
    const rejections = findings.filter(rejectsTheQuery);
    // Collections are locked before their runs, as in people's decisions.
    await lockCollections(tx, [...new Set(rejections.map(({ run }) => run.collectionId))]);
    const changed: ClaimedRun[] = [];
    const stopped: Finding[] = [];
    for (const finding of findings.filter((each) => each.verdict !== 'open')) {
      if (!(await unlessTakenOver(moveOn(tx, deps.settings, finding)))) continue;
      changed.push(finding.run);
      if (rejections.includes(finding) && (await stopForGood(tx, finding.run, rejectionOf(finding.execution)))) stopped.push(finding);
    }
    const open = findings.filter((each) => each.verdict === 'open');
    const youngest = Math.min(...open.map(({ run }) => run.sinceAttemptMs!));
    const polled = await keepPolling(
      tx,
      open.map(({ run, execution }) => ({ run, status: execution?.status ?? 'PENDING' })),
      pollInterval(youngest, deps.settings),
    );
    const moved = open.filter(({ run }) => polled.includes(run.id));
    for (const { run, execution } of moved) if (execution) warnOfUnknownStatus(deps, run, execution);
    await granted(
      tx,
      findings.map(({ run }) => run),
      'list',
    );
    await announce(tx, [...changed, ...moved.map(({ run }) => run)].map(weekChanged));
    crashPoint('poll.beforeCommit');
    return stopped;
  });
}

/** Whatever week is asked for, the answer will be the same. */
const rejectsTheQuery = ({ run, execution, verdict }: Finding): boolean =>
  verdict === 'rejected' && !isDifferencing(execution!.statusReason) && run.collectionState !== 'cancelled';

/** Amazon's words for an execution that has not ended (reference/amc.md §3.4). */
const WAITING = ['PENDING', 'RUNNING', 'PUBLISHING'];

/** A status that Amazon may invent is shown as it is, and the execution is asked about until it ends or our own deadline passes. */
function warnOfUnknownStatus({ logger }: CollectDeps, run: ClaimedRun, { executionId, status }: Execution): void {
  if (WAITING.includes(status)) return;
  const what = { run: run.id, week: run.week, execution: executionId, status };
  logger.warn(what, 'Amazon gives the execution a status that is not known here. It is polled on until it ends or is overdue.');
}

async function moveOn(tx: Tx, settings: CollectSettings, { run, execution, verdict }: Finding): Promise<void> {
  const reason = execution?.statusReason ? ` Amazon says: ${execution.statusReason}` : '';
  if (run.collectionState === 'cancelled')
    return endWithoutData(tx, run, 'skipped', { code: 'execution_cancelled', message: 'The collection was cancelled.' });
  switch (verdict) {
    case 'succeeded':
      return markSucceeded(tx, run, execution!.status);
    case 'failed': {
      const again = run.attempt + 1 < settings.maxAttempts;
      const message = `Amazon could not compute the week.${reason}${again ? ' It is tried again.' : ' Retry the week, or ask for less in its dataset if it runs out of time.'}`;
      const error = { code: 'execution_failed', message } as const;
      if (!again) return endWithoutData(tx, run, 'failed', error, true);
      return markForAnotherExecution(
        tx,
        run,
        backOff({ lastDelayMs: scaled(60_000, settings) * run.attempt || null }, settings),
        error,
        true,
      );
    }
    case 'rejected':
      if (isDifferencing(execution!.statusReason)) {
        const message = `Amazon refuses overlapping queries for a while to protect its users; the week waits in line.${reason}`;
        return markForAnotherExecution(
          tx,
          run,
          scaled(settings.differencingParkMs, settings),
          { code: 'execution_rejected', message },
          false,
        );
      }
      return endWithoutData(tx, run, 'failed', rejectionOf(execution));
    case 'cancelled':
      return endWithoutData(tx, run, 'failed', {
        code: 'execution_cancelled',
        message: 'Somebody cancelled the execution at Amazon. Retry the week to collect it.',
      });
    case 'unsure':
      return postpone(tx, run, backOff(run, settings), {
        code: NOT_FOUND,
        message: 'Amazon says that it does not know the execution. It is asked again for an hour before that is believed.',
      });
    case 'missing':
      return endWithoutData(tx, run, 'failed', {
        code: NOT_FOUND,
        message: 'Amazon no longer knows the execution. Retry the week to collect it.',
      });
    default:
      return endWithoutData(tx, run, 'failed', {
        code: 'execution_overdue',
        message: 'The execution did not end within its timeout and a day. It was cancelled; retry the week.',
      });
  }
}

const rejectionOf = (execution: Execution | undefined): StopReason => ({
  code: 'execution_rejected',
  message: `Amazon rejected the query: ${execution?.statusReason || 'it gives no reason'}. Correct the dataset (as a new version) or the instance's settings, then resume.`,
});

/** Amazon could not be asked. The slots stay taken, since nobody knows what ended. */
async function askAgainLater(deps: CollectDeps, runs: readonly ClaimedRun[], error: unknown, signal: AbortSignal): Promise<void> {
  const delayMs = backOff(runs[0]!, deps.settings, error);
  await deps.store.transaction(async (tx) => {
    for (const run of runs) await unlessTakenOver(postpone(tx, run, delayMs, describeError(error)));
    await announce(tx, runs.map(weekChanged));
  });
  if (refusesTheCollection(error, 'list'))
    for (const run of new Map(runs.map((each) => [each.collectionId, each])).values()) await refused(deps, run, 'list', error, signal);
}

/** However quick the time: a poll takes the machine some milliseconds, which the sandbox needs to compute what is polled for. */
const LEAST_POLL_MS = 100;

/**
 * Every twentieth of the youngest execution's age, within bounds: most end within minutes, some take hours (reference/amc.md §3.4).
 * Executions that began together end together, so half an interval is what a slot stands idle: 2.5 % of its time.
 */
const pollInterval = (youngestMs: number, settings: CollectSettings): number =>
  Math.min(scaled(settings.pollMaxMs, settings), Math.max(LEAST_POLL_MS, scaled(settings.pollFirstMs, settings), youngestMs / 20));

async function unlessTakenOver(change: Promise<void>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (error instanceof CollectorError && error.code === 'lost_fence') return false;
    throw error;
  }
}
