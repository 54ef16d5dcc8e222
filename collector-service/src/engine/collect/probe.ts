import { writeAudit } from '../../ground/audit.ts';
import { crashPoint } from '../../ground/crash-point.ts';
import type { Tx } from '../../ground/database.ts';
import { announce } from '../../ground/outbox/announce.ts';
import { CollectorError } from '../../contract/error.ts';
import { instanceRef } from './amazon.ts';
import type { CollectDeps } from './deps.ts';
import { collectionChanged } from './events.ts';
import { describeError, refusesAccess, rejectsTheSql } from './failure.ts';
import { probePauses } from './refused.ts';
import { lockCollections } from './statements/collections.ts';
import { goOn, moveProbe, probeLater, stopForPerson, type StoppedCollection } from './statements/refusals.ts';
import { markValidated } from './statements/validation.ts';
import { checkAtAmazon } from './validate.ts';

/**
 * Asks Amazon once more for what it refused a collection that is stopped; when it is granted the collection goes on by itself.
 * Never buys anything: a refused query is tried as a dry run, the rest are reads.
 */
export async function probe(deps: CollectDeps, stopped: StoppedCollection, signal: AbortSignal): Promise<void> {
  const keepAway = setInterval(() => {
    void deps.store.transaction((tx) => moveProbe(tx, stopped.collectionId, deps.settings.leaseMs)).catch(() => undefined);
  }, deps.settings.leaseMs / 3);
  try {
    await askAgain(deps, stopped, signal);
  } catch (error) {
    return await stillStopped(deps, stopped, error, signal);
  } finally {
    clearInterval(keepAway);
  }
  if (await deps.store.transaction((tx) => heal(tx, stopped)))
    deps.logger.info({ collection: stopped.collectionId }, 'Amazon grants again what it refused; the collection goes on.');
}

async function askAgain(deps: CollectDeps, stopped: StoppedCollection, signal: AbortSignal): Promise<void> {
  if (stopped.asked === 'validate' || stopped.asked === 'create') return checkAtAmazon(deps, stopped, signal);
  const client = await deps.amc(stopped.connectionId);
  if (stopped.asked === 'download' && stopped.executionId !== null) {
    try {
      return void (await client.results.urls(instanceRef(stopped), stopped.executionId, signal));
    } catch (error) {
      // That Amazon has no result is the week's own matter: it answers, and that was what it refused.
      if (refusesAccess(error) || !(error instanceof CollectorError) || error.kind !== 'terminal') throw error;
      return;
    }
  }
  await client.executions.list(instanceRef(stopped), { createdSince: deps.clock() }, signal);
}

async function stillStopped(deps: CollectDeps, stopped: StoppedCollection, error: unknown, signal: AbortSignal): Promise<void> {
  const { collectionId } = stopped;
  const { code, message } = describeError(error);
  await deps.store.transaction(async (tx) => {
    if (signal.aborted) return moveProbe(tx, collectionId, 0);
    if (rejectsTheSql(error)) await stopForPerson(tx, collectionId, code, message);
    else await probeLater(tx, collectionId, { code, message }, probePauses(deps.settings));
    await announce(tx, [collectionChanged({ ...stopped, id: collectionId })]);
  });
  if (!signal.aborted) deps.logger.info({ collection: collectionId, code }, 'The collection stays stopped.');
}

async function heal(tx: Tx, stopped: StoppedCollection): Promise<boolean> {
  const { collectionId, workspaceId } = stopped;
  await lockCollections(tx, [collectionId]);
  if (!(await goOn(tx, collectionId))) return false;
  if (stopped.asked === 'validate' || stopped.asked === 'create') await markValidated(tx, collectionId);
  const subject = `collection ${collectionId}`;
  await writeAudit(tx, { workspaceId, person: 'collector', action: 'collection.heal', subject, details: { asked: stopped.asked } });
  await announce(tx, [collectionChanged({ ...stopped, id: collectionId })]);
  crashPoint('heal.beforeCommit');
  return true;
}
