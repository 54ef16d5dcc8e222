import { crashPoint } from '../crash-point/crash-point.ts';
import type { CollectDeps } from './deps.ts';
import type { ClaimedRun } from './run.ts';
import { writeAudit } from './statements/audit.ts';
import { changeState } from './statements/collections.ts';
import { announce } from './statements/events.ts';

/** Amazon made us stop: the whole collection, with the reason, instead of 52 weeks one by one. A person resumes it. */
export async function stopCollection(
  deps: Pick<CollectDeps, 'store' | 'logger'>,
  at: Pick<ClaimedRun, 'collectionId' | 'workspaceId'>,
  reason: string,
): Promise<void> {
  const stopped = await deps.store.transaction(async (tx) => {
    if (!(await changeState(tx, at.collectionId, ['running', 'paused'], 'stopped', reason))) return false;
    await writeAudit(tx, {
      workspaceId: at.workspaceId,
      person: 'collector',
      action: 'collection.stop',
      subject: `collection ${at.collectionId}`,
      details: { reason },
    });
    await announce(tx, [{ workspaceId: at.workspaceId, collectionId: at.collectionId, week: null }]);
    crashPoint('stop.beforeCommit');
    return true;
  });
  if (stopped) deps.logger.warn({ collection: at.collectionId, reason }, 'The collection was stopped.');
}
