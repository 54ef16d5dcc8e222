import { CollectorError } from '../../../contract/error.ts';
import type { Context } from '../../../ground/context.ts';
import type { Tx } from '../../../ground/database.ts';
import { decide } from '../../../ground/decide.ts';
import type { Change } from '../../../ground/outbox/announce.ts';
import { collectionChanged } from '../events.ts';
import type { CollectionState } from '../states.ts';
import { changeState } from '../statements/collections.ts';
import { clearRefusal } from '../statements/refusals.ts';
import { lockCollection, type LockedCollection } from './lock.ts';
import { noCollection } from './missing.ts';

export interface CollectionDecision {
  /** 'pause' */
  verb: string;
  change(tx: Tx, collection: LockedCollection): Promise<void>;
  details?(collection: LockedCollection): Record<string, unknown>;
  event?(collection: LockedCollection): Change;
}

/** A decision about one collection of the scope. @throws CollectorError not_found, and what the change throws */
export const decideCollection = (ctx: Context, id: string, { verb, change, details, event }: CollectionDecision): Promise<void> =>
  decide(ctx, {
    action: `collection.${verb}`,
    async lock(tx) {
      const collection = await lockCollection(tx, ctx.scope, id);
      if (!collection) throw noCollection(id);
      return collection;
    },
    change,
    record: (collection) => ({ subject: `collection ${id}`, details: details?.(collection) ?? { from: collection.state } }),
    events: (collection) => [event?.(collection) ?? collectionChanged(collection)],
  });

/** Going on and ending begin with a clean slate: what Amazon refused before counts no longer. @throws CollectorError conflict when it is in none of the states */
export async function move(tx: Tx, collection: LockedCollection, from: readonly CollectionState[], to: CollectionState): Promise<void> {
  if (!(await changeState(tx, collection.id, from, to, null)))
    throw notAllowed(collection, `it cannot be ${to === 'running' ? 'resumed' : to}`);
  if (to !== 'paused') await clearRefusal(tx, collection.id);
}

export const notAllowed = ({ name, state, stopReason }: LockedCollection, what: string): CollectorError =>
  new CollectorError('conflict', `Collection '${name}' is ${state}${stopReason === null ? '' : ` (${stopReason})`}: ${what}.`);
