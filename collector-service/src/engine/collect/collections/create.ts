import { CollectorError } from '../../../contract/error.ts';
import type { Collection } from '../../../contract/collections.ts';
import { requireClocks } from '../../../ground/calendar/clocks.ts';
import { decide, type Decision } from '../../../ground/decide.ts';
import { collectionChanged } from '../events.ts';
import { findOverlap, type Overlap } from '../statements/collections.ts';
import { planCollection, recordOf, retriedOnce, writeCollection, type NewCollection, type Plan, type PlanContext } from './plan.ts';
import { readCollection } from './read.ts';

/**
 * Plans a dataset for an instance: one run per week (or other window of the dataset), claimed after the instance's backfills before it and
 * oldest first, because Amazon forgets the oldest first.
 * @throws CollectorError not_found (instance), unknown_dataset, week_out_of_range, invalid_request, clocks_disagree, conflict naming the
 *   collection in the way
 */
export async function createCollection(ctx: PlanContext, input: NewCollection): Promise<Collection> {
  const id = await retriedOnce(() => decide(ctx, collectionCreation(ctx, input)));
  return readCollection(ctx, { id });
}

/** The decision alone, for one that does more in the same transaction; that runs within retriedOnce too. */
export const collectionCreation = (ctx: PlanContext, input: NewCollection): Decision<Plan, string> => ({
  action: 'collection.create',
  async lock(tx) {
    await requireClocks(tx);
    return planCollection(tx, ctx, input);
  },
  async change(tx, plan) {
    const overlap = await findOverlap(tx, plan.row);
    if (overlap) throw inTheWay(overlap);
    return writeCollection(tx, plan);
  },
  record: recordOf,
  events: ({ row }, id) => [collectionChanged({ ...row, id })],
});

const inTheWay = (overlap: Overlap): CollectorError =>
  new CollectorError(
    'conflict',
    `Collection '${overlap.name}' (${overlap.id}, ${overlap.state}) already collects this dataset for weeks ${overlap.firstWeek} to ${overlap.lastWeek}. Choose other weeks, or cancel it first; its data stays.`,
    { details: { collectionId: overlap.id } },
  );
