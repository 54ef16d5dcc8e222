import type { ChooseSchedule, Collection } from '../../contract/collections.ts';
import { readCollection } from '../../engine/collect/collections/read.ts';
import type { Context } from '../../ground/context.ts';
import type { Tx } from '../../ground/database.ts';
import { decide } from '../../ground/decide.ts';
import { scheduleCreation } from './create.ts';
import { scheduleChanged } from './events.ts';
import { takeMembers } from './members.ts';
import { noSchedule } from './refusal.ts';
import { insertMembers, instancesOf, type Member } from './statements/members.ts';
import { lockSchedule } from './statements/schedules.ts';

/**
 * Has a schedule keep a collection up to date, from its next tick on.
 * @throws CollectorError not_found (collection, schedule), conflict (cancelled, imported, held by a schedule already, name taken)
 */
export async function scheduleCollection(ctx: Context, { id, schedule }: { id: string; schedule: ChooseSchedule }): Promise<Collection> {
  await joinSchedule(ctx, schedule, () => Promise.resolve(id));
  return readCollection(ctx, { id });
}

/**
 * One decision: the collection, which may be made in it, joins a schedule, which may be new.
 * @param collectionOf gives its id. It is called after the schedule is locked: ticks take them in that order too.
 * @returns the collection's id
 */
export async function joinSchedule(ctx: Context, choice: ChooseSchedule, collectionOf: (tx: Tx) => Promise<string>): Promise<string> {
  let joined: Member | undefined;
  const take = async (tx: Tx): Promise<Member[]> => {
    const members = await takeMembers(tx, ctx.scope, { collections: [await collectionOf(tx)] });
    joined = members[0];
    return members;
  };
  await ('id' in choice ? joinExisting(ctx, choice.id, take) : decide(ctx, scheduleCreation(ctx, choice, take)));
  return joined!.id;
}

const joinExisting = (ctx: Context, scheduleId: string, take: (tx: Tx) => Promise<Member[]>) =>
  decide<{ name: string; instances: string[] }, { collections: string[]; instances: string[] }>(ctx, {
    action: 'schedule.join',
    async lock(tx) {
      const schedule = await lockSchedule(tx, ctx.scope, scheduleId);
      if (!schedule) throw noSchedule(scheduleId);
      return { name: schedule.name, instances: await instancesOf(tx, scheduleId) };
    },
    async change(tx) {
      const collections = (await take(tx)).map(({ id }) => id);
      await insertMembers(tx, scheduleId, collections);
      return { collections, instances: await instancesOf(tx, scheduleId) };
    },
    record: ({ name }, { collections }) => ({ subject: `schedule ${scheduleId}`, details: { name, collections } }),
    events: (before, after) => scheduleChanged(ctx.scope.workspaceId, scheduleId, before.instances, after.instances),
  });
