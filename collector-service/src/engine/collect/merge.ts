import { createHash } from 'node:crypto';
import { CollectorError } from '../../contract/error.ts';
import type { ErrorKind } from '../../contract/errors/entry.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import type { ScannedPart } from '../../data/resultfile/spool.ts';
import { withDeadline } from '../../data/store/deadline.ts';
import { holdWeek } from '../../data/store/merge/hold.ts';
import type { MergeInput } from '../../data/store/merge/input.ts';
import { mergeOrRefuse, type MergeResult } from '../../data/store/merge/merge-week.ts';
import { refusalCode, refusalMessage, refuseUnread, type Refusal } from '../../data/store/merge/refusal.ts';
import type { StoredPart } from '../../data/store/merge/result-files.ts';
import { crashPoint } from '../../ground/crash-point.ts';
import { askAgain } from './ask-again.ts';
import type { CollectDeps } from './deps.ts';
import { download, removeSpooled, type SpooledResult } from './download.ts';
import { backedOffLongEnough, backOff, describeError, failedFor, refusesTheCollection } from './failure.ts';
import { granted, refused } from './refused.ts';
import type { ClaimedRun } from './run.ts';
import { scaled } from './settings.ts';
import { endWithoutData, markDone, moveOn, postpone } from './statements/transitions.ts';
import { readStored } from './stored-result.ts';
import { write } from './write.ts';
import type { Tx } from '../../ground/database.ts';
import { announce } from '../../ground/outbox/announce.ts';
import { heldRunChanged, weekChanged } from './events.ts';

/**
 * Turns a finished execution into rows: download, check, merge, all or nothing; or holds it for a person. A run found merging lost its
 * worker and its files: it starts over.
 */
export async function finish(deps: CollectDeps, claimed: ClaimedRun, signal: AbortSignal): Promise<void> {
  let run = claimed;
  try {
    if (run.state === 'merging') run = await step(deps, run, 'downloading');
    const result = await (run.source === 'stored' ? readStored : download)(deps, run, signal);
    run = await step(deps, run, 'merging');
    crashPoint('merge.before');
    await merge(deps, run, result, signal);
    crashPoint('merge.afterCommit');
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CollectorError && (error.code === 'lost_fence' || error.code === 'database_unavailable')) throw error;
    await endStep(deps, run, error, signal);
  } finally {
    await removeSpooled(deps.spoolDirectory, claimed);
  }
}

/**
 * Rows, roll-ups, stored file, data version, the run's state and its event in one transaction: a week is all or nothing.
 * It has a deadline on both sides: a connection that vanished in the middle of a COPY would keep the week locked otherwise.
 */
async function merge(deps: CollectDeps, run: ClaimedRun, { parts, files, fault }: SpooledResult, signal: AbortSignal): Promise<void> {
  const input = mergeInput(deps, run, parts);
  const deadlineMs = mergeDeadlineMs(parts, deps.settings);
  const outcome = await withDeadline(deadlineMs, tooSlow(deadlineMs), (deadline) =>
    deps.store.transaction(
      async (tx) => {
        await boundTransaction(tx, deadlineMs);
        const merged = fault ? await refuseUnread(tx, input, fault) : await mergeOrRefuse(tx, input);
        if ('objections' in merged) await hold(tx, deps, run, input, merged, files);
        else await markDone(tx, run, { ...merged, ...describeFiles(parts) });
        await announce(tx, 'objections' in merged ? [weekChanged(run), heldRunChanged(run)] : [weekChanged(run)]);
        crashPoint('objections' in merged ? 'hold.beforeCommit' : 'merge.beforeCommit');
        return merged;
      },
      { signal: AbortSignal.any([signal, deadline]) },
    ),
  );
  tell(deps, run, outcome);
}

const mergeInput = (deps: CollectDeps, run: ClaimedRun, parts: readonly ScannedPart[]): MergeInput => ({
  dataset: deps.catalogue.findDataset(run.dataset, run.datasetVersion),
  instanceId: run.instanceId,
  week: run.week,
  runId: run.id,
  fence: run.fence,
  parts,
  overrule: run.overrule,
  stored: run.source === 'stored',
  now: deps.clock(),
});

/** New data that contradicts the old, or that is not what the dataset says: it is kept, what is served stays, and a person has to look. */
async function hold(
  tx: Tx,
  deps: CollectDeps,
  run: ClaimedRun,
  input: MergeInput,
  refusal: Refusal,
  files: readonly StoredPart[],
): Promise<void> {
  await holdWeek(tx, input, refusal, files);
  await endWithoutData(tx, run, 'held', { code: refusalCode(refusal), message: refusalMessage(refusal) });
  if (!isSuspiciousFirst(run, refusal) || run.collectionState === 'cancelled') return;
  const rules = refusal.objections.map(({ rule }) => rule);
  await askAgain(tx, deps, input.dataset.window, run, rules);
}

/** What a second answer may clear up: a week unlike its neighbours, and numbers that contradict each other, as those of a cut file do. */
const ASKED_AGAIN: readonly string[] = ['jump', 'impossible_values'];

/** A week's first result that only these rules speak against: what Amazon says a second time is likely to be so. */
const isSuspiciousFirst = ({ source }: ClaimedRun, { servedVersion, acceptable, objections }: Refusal): boolean =>
  source === 'amazon' && acceptable && servedVersion === '0' && objections.every(({ rule }) => ASKED_AGAIN.includes(rule));

/** Kinds of notes that were warned of already, by dataset: a column that Amazon added comes with every week. */
const warned = new WeakMap<CollectDeps['logger'], Set<string>>();

function tell({ logger }: CollectDeps, { id, week, dataset }: ClaimedRun, outcome: MergeResult | Refusal): void {
  const about = { run: id, week, dataset };
  if ('objections' in outcome) return logger.warn({ ...about, objections: outcome.objections }, 'A week is held for a person.');
  if (outcome.notes.length === 0) return;
  const before = warned.get(logger) ?? new Set();
  warned.set(logger, before);
  const kinds = outcome.notes.map(({ rule }) => `${dataset} ${rule}`);
  const level = kinds.every((kind) => before.has(kind)) ? 'info' : 'warn';
  for (const kind of kinds) before.add(kind);
  logger[level]({ ...about, notes: outcome.notes }, 'A week was accepted with notes.');
}

/** A second per megabyte on top, a tenth of what a small machine does: slower than that nothing moves any more. */
const mergeDeadlineMs = (parts: readonly ScannedPart[], { mergeMs }: CollectDeps['settings']): number =>
  mergeMs + parts.reduce((sum, part) => sum + part.bytes, 0) / 1_000;

const tooSlow = (ms: number): CollectorError =>
  new CollectorError(
    'timed_out',
    `The database did not finish the merge within ${Math.round(ms / 1000)} s. Nothing was changed; it is tried again.`,
  );

/** A process that was stopped in the middle of a merge must not keep its week locked for ever: the database ends the transaction. */
const boundTransaction = (tx: Tx, deadlineMs: number) =>
  tx.query(`SET LOCAL idle_in_transaction_session_timeout = '60s'; SET LOCAL statement_timeout = ${Math.ceil(deadlineMs)}`);

/** Size and hash of the whole result, for the run's record. */
export const describeFiles = (parts: readonly Pick<ScannedPart, 'sha256' | 'bytes'>[]): { fileSha256: string; fileBytes: number } => ({
  fileSha256:
    parts.length === 1
      ? parts[0]!.sha256
      : createHash('sha256')
          .update(parts.map((part) => part.sha256).join('\n'))
          .digest('hex'),
  fileBytes: parts.reduce((sum, part) => sum + part.bytes, 0),
});

async function step(deps: CollectDeps, run: ClaimedRun, to: 'downloading' | 'merging'): Promise<ClaimedRun> {
  let moved = run;
  await write(deps, run, async (tx) => {
    moved = await moveOn(tx, run, to);
    if (to === 'merging' && run.source === 'amazon') await granted(tx, [run], 'download');
  });
  return moved;
}

/** What a failure makes of the run. The data that is served stays in every case, and nothing is bought again by itself. */
async function endStep(deps: CollectDeps, run: ClaimedRun, error: unknown, signal: AbortSignal): Promise<void> {
  const kind = error instanceof CollectorError ? error.kind : 'bug';
  const described = describeError(error);
  if (kind === 'bug') deps.logger.error({ err: error, run: run.id, week: run.week }, 'A week could not be merged.');
  if (refusesTheCollection(error, 'download')) {
    await write(deps, run, (tx) => postpone(tx, run, backOff(run, deps.settings, error), described));
    return refused(deps, run, 'download', error, signal);
  }
  if (isFinal(deps, run, kind, described.code)) return write(deps, run, (tx) => endWithoutData(tx, run, 'failed', described));
  return write(deps, run, (tx) => postpone(tx, run, backOff(run, deps.settings, error), described));
}

/** Amazon's word about a result counts when it has been the same for an hour, or for a day while the result is merely not ready. */
function isFinal({ settings }: CollectDeps, run: ClaimedRun, kind: ErrorKind, code: ErrorCode): boolean {
  if (code === 'amc_not_ready') return failedFor(run, code) >= 24 * scaled(settings.refusalMs, settings);
  if (kind === 'terminal' && code.startsWith('amc_')) return failedFor(run, code) >= scaled(settings.refusalMs, settings);
  if (kind === 'bug') return backedOffLongEnough(run, settings);
  return code === 'result_truncated' || kind === 'terminal' || kind === 'data';
}
