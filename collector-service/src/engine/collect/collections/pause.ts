import type { Collection } from '../../../contract/collections.ts';
import type { Context } from '../../../ground/context.ts';
import { decideCollection, move } from './decide.ts';
import { readCollection } from './read.ts';

/**
 * Buys nothing more from the next claim on. Executions already at Amazon are still polled, since only that gives their slots back;
 * their results wait until the collection is resumed. Survives restarts: it is a row.
 * @throws CollectorError not_found, conflict when the collection is cancelled or stopped
 */
export async function pauseCollection(ctx: Context, { id }: { id: string }): Promise<Collection> {
  await decideCollection(ctx, id, { verb: 'pause', change: (tx, collection) => move(tx, collection, ['running', 'paused'], 'paused') });
  return readCollection(ctx, { id });
}
