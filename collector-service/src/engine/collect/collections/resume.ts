import type { Collection } from '../../../contract/collections.ts';
import type { Context } from '../../../ground/context.ts';
import { decideCollection, move } from './decide.ts';
import { readCollection } from './read.ts';

/** Goes on after a pause, or after Amazon made us stop (the SQL is validated again first). @throws CollectorError not_found, conflict when cancelled */
export async function resumeCollection(ctx: Context, { id }: { id: string }): Promise<Collection> {
  await decideCollection(ctx, id, {
    verb: 'resume',
    change: (tx, collection) => move(tx, collection, ['running', 'paused', 'stopped'], 'running'),
  });
  return readCollection(ctx, { id });
}
