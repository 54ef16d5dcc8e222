import { CollectorError } from '../../contract/error.ts';
import type { CreateSchedule } from '../../contract/schedules.ts';
import { createSchedule, type CreateContext } from './create.ts';
import { announce } from '../../ground/outbox/announce.ts';
import { scheduleChanged } from './events.ts';
import { insertMembers, instancesOf, lockCollections } from './statements/members.ts';
import { findByName } from './statements/schedules.ts';
import { writeAudit } from '../../ground/audit.ts';

/** A schedule of the provisioning files, and the collections that name it. */
export interface ProvisionedSchedule {
  schedule: Omit<CreateSchedule, 'collections' | 'dataset'>;
  collections: readonly { id: string; created: boolean }[];
}

/**
 * Makes a schedule that is missing, over its collections that no other one holds. One that exists stays as people left it; only a
 * collection that was made just now joins it. Run again, it changes nothing.
 */
export async function ensureSchedule(ctx: CreateContext, { schedule, collections }: ProvisionedSchedule): Promise<void> {
  const { workspaceId } = ctx.scope;
  const joining = await ctx.store.transaction(async (tx) => {
    const id = await findByName(tx, workspaceId, schedule.name);
    const candidates = collections.filter(({ created }) => created || id === undefined);
    const members = await lockCollections(
      tx,
      ctx.scope,
      candidates.map((each) => each.id),
    );
    const free = members.filter(({ state, scheduleId }) => state !== 'cancelled' && scheduleId === null).map((member) => member.id);
    if (id === undefined || free.length === 0) return id === undefined ? free : [];
    const before = await instancesOf(tx, id);
    await insertMembers(tx, id, free);
    const details = { collections: free };
    await writeAudit(tx, { workspaceId, person: ctx.actor, action: 'schedule.edit', subject: `schedule ${id}`, details });
    await announce(tx, scheduleChanged(workspaceId, id, before, await instancesOf(tx, id)));
    return [];
  });
  if (joining.length === 0) return;
  try {
    await createSchedule(ctx, { ...schedule, collections: joining });
  } catch (error) {
    // Another process that started at the same moment made it.
    if (!(error instanceof CollectorError && error.code === 'conflict')) throw error;
  }
}
