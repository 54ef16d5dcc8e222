import { createHash } from 'node:crypto';
import { CollectorError } from '../contract/error.ts';
import type { ScannedPart } from '../resultfile/spool.ts';
import { mergeWeek } from '../store/merge/merge-week.ts';
import { crashPoint } from './crash-point.ts';
import type { CollectDeps } from './deps.ts';
import { download, removeSpooled } from './download.ts';
import { backedOffLongEnough, backOff, describeError, strikesEveryWeek } from './failure.ts';
import type { ClaimedRun, Tx } from './run.ts';
import { announce } from './statements/events.ts';
import { endWithoutData, markDone, moveOn, postpone } from './statements/transitions.ts';
import { stopCollection } from './stop.ts';
import { write } from './write.ts';

/** Turns a finished execution into rows: download, check, merge, all or nothing. A run found merging lost its worker and its files: it starts over. */
export async function finish(deps: CollectDeps, claimed: ClaimedRun, signal: AbortSignal): Promise<void> {
  let run = claimed;
  try {
    if (run.state === 'merging') run = await step(deps, run, 'downloading');
    const parts = await download(deps, run, signal);
    run = await step(deps, run, 'merging');
    crashPoint('merge.before');
    await merge(deps, run, parts, signal);
    crashPoint('merge.afterCommit');
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof CollectorError && (error.code === 'lost_fence' || error.code === 'database_unavailable')) throw error;
    await endStep(deps, run, error);
  } finally {
    await removeSpooled(deps.spoolDirectory, claimed);
  }
}

/** Rows, roll-ups, stored file, data version, the run's state and its event in one transaction: a week is all or nothing. */
async function merge(deps: CollectDeps, run: ClaimedRun, parts: readonly ScannedPart[], signal: AbortSignal): Promise<void> {
  const dataset = deps.catalogue.findDataset(run.dataset, run.datasetVersion);
  const { instanceId, week, fence } = run;
  await deps.store.transaction(
    async (tx) => {
      await boundTransaction(tx);
      const merged = await mergeWeek(tx, { dataset, instanceId, week, runId: run.id, fence, parts });
      crashPoint('merge.inTransaction');
      await markDone(tx, run, { ...merged, ...describeFiles(parts) });
      await announce(tx, [run]);
    },
    { signal },
  );
}

/** A process that was stopped in the middle of a merge must not keep its week locked for ever: the database ends the transaction. */
const boundTransaction = (tx: Tx) =>
  tx.query(`SET LOCAL idle_in_transaction_session_timeout = '60s'; SET LOCAL statement_timeout = '15min'`);

/** Size and hash of the whole result, for the run's record. */
export const describeFiles = (parts: readonly ScannedPart[]): { fileSha256: string; fileBytes: number } => ({
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
  });
  return moved;
}

/** What a failure makes of the run. The data that is served stays in every case, and nothing is bought again by itself. */
async function endStep(deps: CollectDeps, run: ClaimedRun, error: unknown): Promise<void> {
  const kind = error instanceof CollectorError ? error.kind : 'bug';
  const described = describeError(error);
  if (kind === 'bug') deps.logger.error({ err: error, run: run.id, week: run.week }, 'A week could not be merged.');
  if (strikesEveryWeek(error)) {
    await write(deps, run, (tx) => postpone(tx, run, 0, described));
    return stopCollection(deps, run, described.message);
  }
  if (described.code === 'result_truncated' || kind === 'terminal' || (kind === 'bug' && backedOffLongEnough(run, deps.settings))) {
    return write(deps, run, (tx) => endWithoutData(tx, run, 'failed', described));
  }
  // New data that contradicts the old, or that is not what the dataset says: a person has to look.
  if (kind === 'data') return write(deps, run, (tx) => endWithoutData(tx, run, 'held', described));
  return write(deps, run, (tx) => postpone(tx, run, backOff(run, deps.settings, error), described));
}
