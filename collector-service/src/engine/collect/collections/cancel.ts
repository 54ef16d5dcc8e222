import type { Collection } from '../../../contract/collections.ts';
import type { Context } from '../../../ground/context.ts';
import { hurryInFlight, skipWaitingRuns } from '../statements/control.ts';
import { decideCollection, move } from './decide.ts';
import { readCollection } from './read.ts';

/**
 * Ends a collection for good. Its data stays and other collections may take its weeks. Waiting weeks are skipped; what computes at
 * Amazon is cancelled there by the next free worker, which then gives the slots back.
 * @throws CollectorError not_found
 */
export async function cancelCollection(ctx: Context, { id }: { id: string }): Promise<Collection> {
  await decideCollection(ctx, id, {
    verb: 'cancel',
    async change(tx, collection) {
      await move(tx, collection, ['running', 'paused', 'stopped', 'cancelled'], 'cancelled');
      await skipWaitingRuns(tx, id, `${ctx.actor} cancelled the collection.`);
      await hurryInFlight(tx, id);
    },
  });
  return readCollection(ctx, { id });
}
