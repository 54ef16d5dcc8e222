import { crashPoint } from '../../ground/crash-point.ts';
import type { CollectDeps } from './deps.ts';
import type { ClaimedRun } from './run.ts';
import type { CollectionState } from './states.ts';
import { changeState, type StopReason } from './statements/collections.ts';
import { clearRefusal } from './statements/refusals.ts';
import type { Tx } from '../../ground/database.ts';
import { writeAudit } from '../../ground/audit.ts';
import { announce } from '../../ground/outbox/announce.ts';
import { collectionChanged } from './events.ts';

type Stopping = Pick<ClaimedRun, 'collectionId' | 'workspaceId' | 'instanceId'>;

/** Amazon rejects the query: the whole collection stops with the reason, instead of 52 weeks one by one. A person resumes it. */
export async function stopCollection(deps: Pick<CollectDeps, 'store' | 'logger'>, at: Stopping, reason: StopReason): Promise<void> {
  if (await deps.store.transaction((tx) => stopForGood(tx, at, reason))) noteStopped(deps, at, reason.message);
}

/** @returns whether it was running or paused until now; the caller says so in the log (noteStopped) once it is committed */
export async function stopForGood(tx: Tx, at: Stopping, reason: StopReason): Promise<boolean> {
  await clearRefusal(tx, at.collectionId);
  return stopInTransaction(tx, at, reason, ['running', 'paused']);
}

/** @returns whether it was in one of the states until now */
export async function stopInTransaction(tx: Tx, at: Stopping, reason: StopReason, from: readonly CollectionState[]): Promise<boolean> {
  if (!(await changeState(tx, at.collectionId, from, 'stopped', reason))) return false;
  await writeAudit(tx, {
    workspaceId: at.workspaceId,
    person: 'collector',
    action: 'collection.stop',
    subject: `collection ${at.collectionId}`,
    details: { reason: reason.message },
  });
  await announce(tx, [collectionChanged({ ...at, id: at.collectionId })]);
  crashPoint('stop.beforeCommit');
  return true;
}

export const noteStopped = ({ logger }: Pick<CollectDeps, 'logger'>, { collectionId }: Stopping, reason: string): void =>
  logger.warn({ collection: collectionId, reason }, 'The collection was stopped.');
