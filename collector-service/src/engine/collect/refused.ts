import type { CollectorError } from '../../contract/error.ts';
import { announce } from '../../ground/outbox/announce.ts';
import { crashPoint } from '../../ground/crash-point.ts';
import type { Tx } from '../../ground/database.ts';
import { instanceRef } from './amazon.ts';
import type { CollectDeps } from './deps.ts';
import { collectionChanged } from './events.ts';
import { describeError, refusesAccess } from './failure.ts';
import type { ClaimedRun } from './run.ts';
import { scaled, type CollectSettings } from './settings.ts';
import { forgetRefusals, noteRefusal, probeFirst, type Asked, type Pauses } from './statements/refusals.ts';
import { noteStopped, stopInTransaction } from './stop.ts';

/** Whom Amazon refuses something: a run, or a collection before its first. */
export type Refused = Pick<
  ClaimedRun,
  'collectionId' | 'workspaceId' | 'instanceId' | 'amcInstanceId' | 'accountId' | 'marketplaceId' | 'connectionId'
>;

/**
 * Amazon refused a collection something that every week needs. One such answer may be a slip, so nothing is bought for a while and
 * then it is tried again. The collection stops when the next call, to another resource with the same credentials, is refused too, or
 * when the answer has been the same for an hour. Such a stop is probed until its cause is gone (probe.ts).
 *
 * @param sameAgain asks for the very same once more, where that is the better second opinion. @throws what Amazon answers
 */
export async function refused(
  deps: CollectDeps,
  at: Refused,
  asked: Asked,
  error: CollectorError,
  signal: AbortSignal,
  sameAgain?: () => Promise<void>,
): Promise<void> {
  const lastedMs = await deps.store.transaction(async (tx) => {
    const lasted = await noteRefusal(tx, at.collectionId, asked, describeError(error), refusalPauses(deps.settings));
    if (lasted !== undefined) await announce(tx, [collectionChanged({ ...at, id: at.collectionId })]);
    return lasted;
  });
  if (lastedMs === undefined) return;
  crashPoint('refused.noted');
  if (lastedMs < scaled(deps.settings.refusalMs, deps.settings) && !(await confirmed(deps, at, error, signal, sameAgain))) {
    deps.logger.info({ collection: at.collectionId, asked, code: error.code }, 'Amazon refused what may be a slip; it is tried again.');
    return;
  }
  if (await deps.store.transaction((tx) => stopUntilItHeals(tx, deps, at, error))) noteStopped(deps, at, error.message);
}

/** A collection that a person paused asks for nothing new and stays paused. */
async function stopUntilItHeals(tx: Tx, { settings }: CollectDeps, at: Refused, error: CollectorError): Promise<boolean> {
  if (!(await stopInTransaction(tx, at, describeError(error), ['running']))) return false;
  await probeFirst(tx, at.collectionId, probePauses(settings).firstMs);
  return true;
}

/** The next call, to other resources with the same credentials: whether Amazon refuses these too, or does not know the instance. */
async function confirmed(
  deps: CollectDeps,
  at: Refused,
  error: CollectorError,
  signal: AbortSignal,
  sameAgain: (() => Promise<void>) | undefined,
): Promise<boolean> {
  try {
    if (sameAgain) {
      await sameAgain();
      return false;
    }
    const client = await deps.amc(at.connectionId);
    const instances = await client.instances.list(instanceRef(at), signal);
    if (!instances.some(({ instanceId }) => instanceId === at.amcInstanceId)) return true;
    await client.advertisers.list(instanceRef(at), signal);
    return false;
  } catch (again) {
    signal.throwIfAborted();
    return refusesAccess(again) || (again as CollectorError).code === error.code;
  }
}

/** Amazon grants these collections what it refused: they are as well as any. In the transaction of the step that found out. */
export async function granted(tx: Tx, runs: readonly Refused[], asked: Asked): Promise<void> {
  const collections = new Map(runs.map((run) => [run.collectionId, run]));
  const news = await forgetRefusals(tx, [...collections.keys()], asked);
  await announce(
    tx,
    news.map((id) => collectionChanged({ ...collections.get(id)!, id })),
  );
}

const refusalPauses = (settings: CollectSettings): Pauses => ({
  firstMs: scaled(settings.backOffFirstMs, settings),
  longestMs: scaled(settings.backOffMaxMs, settings),
});

export const probePauses = (settings: CollectSettings): Pauses => ({
  firstMs: scaled(settings.probeFirstMs, settings),
  longestMs: scaled(settings.probeMaxMs, settings),
});
