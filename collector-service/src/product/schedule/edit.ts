import type { EditSchedule, Schedule } from '../../contract/schedules.ts';
import type { Context } from '../../ground/context.ts';
import type { Tx } from '../../ground/database.ts';
import { nextRun, parseCron } from './cron.ts';
import { decideSchedule } from './decide.ts';
import { takeMembers } from './members.ts';
import { readSchedule } from './read.ts';
import { nameTaken } from './refusal.ts';
import { replaceMembers } from './statements/members.ts';
import { findByName, updateSchedule, type ScheduleRow } from './statements/schedules.ts';

/**
 * Changes what the request names. Other times are counted from now on, so a due time that has just passed is not made up for.
 * @throws CollectorError not_found, invalid_request (cron, zone), conflict (the name, or a collection of another schedule)
 */
export async function editSchedule(ctx: Context, { id, ...input }: { id: string } & EditSchedule): Promise<Schedule> {
  await decideSchedule(ctx, id, { verb: 'edit', change: (tx, schedule) => change(tx, ctx, schedule, input), details: { ...input } });
  return readSchedule(ctx, { id });
}

async function change(tx: Tx, { scope }: Context, schedule: ScheduleRow, { collections, ...changes }: EditSchedule): Promise<void> {
  const times = parseCron(changes.cron ?? schedule.cron, changes.timeZone ?? schedule.timeZone);
  const moved = times.cron !== schedule.cron || times.timeZone !== schedule.timeZone;
  const owner = await findByName(tx, schedule.workspaceId, changes.name ?? schedule.name);
  if (owner !== undefined && owner !== schedule.id) throw nameTaken(changes.name!);
  if (collections !== undefined) {
    const members = await takeMembers(tx, scope, { collections }, schedule.id);
    await replaceMembers(
      tx,
      schedule.id,
      members.map((member) => member.id),
    );
  }
  const nextAt = moved && schedule.state === 'active' ? nextRun(times, schedule.after) : schedule.nextAt;
  await updateSchedule(tx, { ...schedule, ...defined(changes), ...times, nextAt });
}

/** Only what was given: a field left out stays as it is, null is a value. */
const defined = <T extends object>(changes: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
