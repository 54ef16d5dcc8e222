import type { Collection } from '../../../contract/collections.ts';
import { writeAudit } from '../../../ground/audit.ts';
import { announce } from '../../../ground/outbox/announce.ts';
import { collectionChanged } from '../events.ts';
import { findByName, findOverlap } from '../statements/collections.ts';
import { planCollection, recordOf, retriedOnce, writeCollection, type NewCollection, type PlanContext } from './plan.ts';
import { readCollection } from './read.ts';

/**
 * A collection as provisioning wants it, at every start: one of that name, or one that already holds some of the weeks, is left as it
 * is, also when it is of an older version of the dataset; so is one that a person cancelled.
 * @throws CollectorError not_found (instance), unknown_dataset, week_out_of_range, invalid_request
 */
export async function ensureCollection(ctx: PlanContext, input: NewCollection): Promise<{ collection: Collection; created: boolean }> {
  const { id, created } = await retriedOnce(() =>
    ctx.store.transaction(
      async (tx) => {
        const plan = await planCollection(tx, ctx, input);
        const existing = (await findByName(tx, plan.row)) ?? (await findOverlap(tx, plan.row, { anyVersion: true }))?.id;
        if (existing !== undefined) return { id: existing, created: false };
        const made = await writeCollection(tx, plan);
        const { workspaceId } = ctx.scope;
        await writeAudit(tx, { workspaceId, person: ctx.actor, action: 'collection.create', ...recordOf(plan, made) });
        await announce(tx, [collectionChanged({ ...plan.row, id: made })]);
        return { id: made, created: true };
      },
      { signal: ctx.signal },
    ),
  );
  return { collection: await readCollection(ctx, { id }), created };
}
