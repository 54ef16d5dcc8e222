import { CollectorError } from '../../../contract/error.ts';
import type { Week } from '../../../contract/weeks.ts';
import type { Context } from '../../../ground/context.ts';
import type { Tx } from '../../../ground/database.ts';
import { weekChanged } from '../events.ts';
import { assertMonday } from '../range.ts';
import { confirmServedWeek } from '../statements/confirm.ts';
import { decideCollection } from './decide.ts';
import type { LockedCollection } from './lock.ts';
import { readWeek } from './read.ts';

/**
 * A person says that what is served of a doubtful week is right: the account was small, or paused. Nothing is collected; the mark comes
 * back only when another result is served and is odd too.
 * @param input.week Monday (ISO date)
 * @throws CollectorError not_found; conflict when the week is not doubtful; invalid_request for no Monday
 */
export async function confirmWeek(ctx: Context, { id, week, reason }: { id: string; week: string; reason: string }): Promise<Week> {
  assertMonday(week);
  await decideCollection(ctx, id, {
    verb: 'confirmWeek',
    change: (tx, collection) => confirm(tx, collection, week),
    details: () => ({ week, reason }),
    event: (collection) => weekChanged({ ...collection, collectionId: id, week }),
  });
  return readWeek(ctx, { id, week });
}

async function confirm(tx: Tx, { id, name }: LockedCollection, week: string): Promise<void> {
  if (await confirmServedWeek(tx, id, week)) return;
  throw new CollectorError('conflict', `Week ${week} of collection '${name}' is not doubtful, so there is nothing to confirm.`);
}
