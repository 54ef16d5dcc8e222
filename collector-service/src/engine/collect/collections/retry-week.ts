import { CollectorError } from '../../../contract/error.ts';
import type { Week } from '../../../contract/weeks.ts';
import type { Context } from '../../../ground/context.ts';
import type { Tx } from '../../../ground/database.ts';
import { weekChanged } from '../events.ts';
import { PRIORITY } from '../priority.ts';
import { assertMonday } from '../range.ts';
import { insertRun, newestRun } from '../runs.ts';
import { hurryRun } from '../statements/control.ts';
import { decideCollection, notAllowed } from './decide.ts';
import type { LockedCollection } from './lock.ts';
import { noWeek } from './missing.ts';
import { readWeek } from './read.ts';

/**
 * Collects a week again, ahead of everything else. What is served stays until the new run is accepted; a week already in line moves
 * to its head.
 * @param input.week Monday (ISO date)
 * @throws CollectorError not_found, conflict while the week's run is at Amazon or the collection is cancelled, invalid_request for no Monday
 */
export async function retryWeek(ctx: Context, { id, week }: { id: string; week: string }): Promise<Week> {
  assertMonday(week);
  await decideCollection(ctx, id, {
    verb: 'retryWeek',
    change: (tx, collection) => putAhead(tx, collection, week),
    details: () => ({ week }),
    event: (collection) => weekChanged({ ...collection, collectionId: id, week }),
  });
  return readWeek(ctx, { id, week });
}

async function putAhead(tx: Tx, collection: LockedCollection, week: string): Promise<void> {
  if (collection.state === 'cancelled')
    throw notAllowed(collection, 'its weeks cannot be collected again. Create a new collection for them');
  const newest = await newestRun(tx, collection.id, week);
  if (!newest) throw noWeek(collection, week);
  if (newest.state === 'creating' || newest.state === 'running' || newest.state === 'merging') throw underWay(week);
  if (newest.state === 'planned' || newest.state === 'downloading') await hurryRun(tx, newest.id, PRIORITY.person);
  else await insertRun(tx, collection.id, collection.instanceId, week, PRIORITY.person);
}

const underWay = (week: string): CollectorError =>
  new CollectorError('conflict', `Week ${week} is being collected right now; wait until it is done.`);
