import type { Collection, CreateCollection } from '../../contract/collections.ts';
import { collectionCreation, createCollection } from '../../engine/collect/collections/create.ts';
import { retriedOnce, type PlanContext } from '../../engine/collect/collections/plan.ts';
import { readCollection } from '../../engine/collect/collections/read.ts';
import { decideWithin } from '../../ground/decide.ts';
import { joinSchedule } from './join.ts';

/**
 * Starts a collection, and has a schedule keep it up to date if one is chosen: both or neither.
 * @throws CollectorError as createCollection and scheduleCollection
 */
export async function startCollection(ctx: PlanContext, { schedule, ...input }: CreateCollection): Promise<Collection> {
  if (schedule === undefined) return createCollection(ctx, input);
  const id = await retriedOnce(() => joinSchedule(ctx, schedule, (tx) => decideWithin(tx, ctx, collectionCreation(ctx, input))));
  return readCollection(ctx, { id });
}
