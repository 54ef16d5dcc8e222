import type { Clock } from '../../ground/calendar/clock.ts';
import { CollectorError } from '../../contract/error.ts';
import type { Collection } from '../../contract/collections.ts';
import type { Week } from '../../contract/weeks.ts';
import type { Store } from '../../data/store/store.ts';
import { assertMonday } from './range.ts';
import { noCollection, noWeek, readCollection, readWeek } from './read.ts';
import type { Tx } from './run.ts';
import { writeAudit } from './statements/audit.ts';
import { changeState } from './statements/collections.ts';
import {
  hurryInFlight,
  hurryRun,
  insertRun,
  lockCollection,
  newestRun,
  skipWaitingRuns,
  type LockedCollection,
} from './statements/control.ts';
import { announce } from './statements/events.ts';
import { PRIORITY } from './priority.ts';
import type { ReadScope } from './statements/read-collections.ts';
import type { CollectionState } from './states.ts';

/** Who decides about what. */
export interface Actor {
  scope: ReadScope;
  /** For the audit log. */
  person: string;
}

/**
 * Buys nothing more from the next claim on. Executions already at Amazon are still polled, since only that gives their slots back;
 * their results wait until the collection is resumed. Survives restarts: it is a row.
 * @throws CollectorError not_found, conflict when the collection is cancelled or stopped
 */
export const pause = (store: Store, actor: Actor, id: string): Promise<Collection> =>
  decide(store, actor, id, 'pause', (tx, collection) => move(tx, collection, ['running', 'paused'], 'paused'));

/** Goes on after a pause, or after Amazon made us stop (the SQL is validated again first). @throws CollectorError not_found, conflict when cancelled */
export const resume = (store: Store, actor: Actor, id: string): Promise<Collection> =>
  decide(store, actor, id, 'resume', (tx, collection) => move(tx, collection, ['running', 'paused', 'stopped'], 'running'));

/**
 * Ends a collection for good. Its data stays and other collections may take its weeks. Waiting weeks are skipped; what computes at
 * Amazon is cancelled there by the next free worker, which then gives the slots back.
 * @throws CollectorError not_found
 */
export const cancel = (store: Store, actor: Actor, id: string): Promise<Collection> =>
  decide(store, actor, id, 'cancel', async (tx, collection) => {
    await move(tx, collection, ['running', 'paused', 'stopped', 'cancelled'], 'cancelled');
    await skipWaitingRuns(tx, id, `${actor.person} cancelled the collection.`);
    await hurryInFlight(tx, id);
  });

/**
 * Collects a week again, ahead of everything else. What is served stays until the new run is accepted; a week already in line moves
 * to its head.
 * @throws CollectorError not_found, conflict while the week's run is at Amazon or the collection is cancelled, invalid_request for no Monday
 */
export async function retryWeek(store: Store, clock: Clock, actor: Actor, id: string, week: string): Promise<Week> {
  assertMonday(week);
  await decide(
    store,
    actor,
    id,
    'retryWeek',
    async (tx, collection) => {
      if (collection.state === 'cancelled')
        throw notAllowed(collection, 'its weeks cannot be collected again. Create a new collection for them');
      const newest = await newestRun(tx, id, week);
      if (!newest) throw noWeek(collection, week);
      if (newest.state === 'creating' || newest.state === 'running' || newest.state === 'merging') {
        throw new CollectorError(`Week ${week} is being collected right now; wait until it is done.`, {
          code: 'conflict',
          kind: 'terminal',
          status: 409,
        });
      }
      if (newest.state === 'planned' || newest.state === 'downloading') await hurryRun(tx, newest.id, PRIORITY.person);
      else await insertRun(tx, id, collection.instanceId, week, PRIORITY.person);
    },
    week,
  );
  return readWeek(store, clock, actor.scope, id, week);
}

/** Lock, decide, record, tell: one transaction. */
async function decide(
  store: Store,
  actor: Actor,
  id: string,
  action: string,
  deed: (tx: Tx, collection: LockedCollection) => Promise<void>,
  week?: string,
): Promise<Collection> {
  await store.transaction(async (tx) => {
    const collection = await lockCollection(tx, actor.scope, id);
    if (!collection) throw noCollection(id);
    await deed(tx, collection);
    await writeAudit(tx, {
      workspaceId: collection.workspaceId,
      person: actor.person,
      action: `collection.${action}`,
      subject: `collection ${id}`,
      details: week === undefined ? { from: collection.state } : { week },
    });
    await announce(tx, [{ workspaceId: collection.workspaceId, collectionId: id, week: week ?? null }]);
  });
  return readCollection(store, id);
}

async function move(tx: Tx, collection: LockedCollection, from: readonly CollectionState[], to: CollectionState): Promise<void> {
  if (!(await changeState(tx, collection.id, from, to, null)))
    throw notAllowed(collection, `it cannot be ${to === 'running' ? 'resumed' : to}`);
}

const notAllowed = (collection: LockedCollection, what: string) =>
  new CollectorError(
    `Collection '${collection.name}' is ${collection.state}${collection.stopReason === null ? '' : ` (${collection.stopReason})`}: ${what}.`,
    {
      code: 'conflict',
      kind: 'terminal',
      status: 409,
    },
  );
