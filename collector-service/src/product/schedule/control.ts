import type { Actor } from '../../engine/collect/control.ts';
import type { Tx } from '../../engine/collect/run.ts';
import { writeAudit } from '../../engine/collect/statements/audit.ts';
import type { ScheduleTick } from '../../contract/schedule-ticks.ts';
import type { EditSchedule, Schedule } from '../../contract/schedules.ts';
import type { Store } from '../../data/store/store.ts';
import { nameTaken } from './create.ts';
import { nextRun, parseCron } from './cron.ts';
import type { ScheduleDeps } from './deps.ts';
import { takeMembers } from './members.ts';
import { noSchedule, readSchedule, readTick } from './read.ts';
import { replaceMembers } from './statements/members.ts';
import { deleteSchedule, findByName, lockSchedule, updateSchedule, type ScheduleRow } from './statements/schedules.ts';
import { tick } from './tick.ts';

/** Stops ticking; what was planned goes on. What comes due meanwhile is not made up for. @throws CollectorError not_found */
export async function pauseSchedule(store: Store, actor: Actor, id: string): Promise<Schedule> {
  await decide(store, actor, id, 'pause', (tx, schedule) => updateSchedule(tx, { ...schedule, state: 'paused', nextAt: null }));
  return readSchedule(store, actor.scope, id);
}

/** Ticks again from the next due time on. @throws CollectorError not_found */
export async function resumeSchedule(store: Store, actor: Actor, id: string): Promise<Schedule> {
  await decide(store, actor, id, 'resume', (tx, schedule) =>
    updateSchedule(tx, { ...schedule, state: 'active', nextAt: schedule.nextAt ?? nextRun(schedule, schedule.after) }),
  );
  return readSchedule(store, actor.scope, id);
}

/** Removes the schedule and its history; collections, their data and what is planned stay. @returns it as it was @throws CollectorError not_found */
export async function removeSchedule(store: Store, actor: Actor, id: string): Promise<Schedule> {
  const before = await readSchedule(store, actor.scope, id);
  await decide(store, actor, id, 'delete', (tx) => deleteSchedule(tx, id), { name: before.name });
  return before;
}

/** A tick now, ahead of other work, also of a paused schedule; its due times stay. @throws CollectorError not_found */
export async function runNow(deps: ScheduleDeps, actor: Actor, id: string): Promise<ScheduleTick> {
  let tickId = '';
  await decide(deps.store, actor, id, 'run', async (tx, schedule) => {
    tickId = await tick(tx, deps, schedule, { kind: 'manual', dueAt: schedule.now, missed: 0, deep: false, askedBy: actor.person });
  });
  return readTick(deps.store, id, tickId);
}

/**
 * Changes what the request names. Other times are counted from now on, so a due time that has just passed is not made up for.
 * @throws CollectorError not_found, invalid_request (cron, zone), conflict (the name, or a collection of another schedule)
 */
export async function editSchedule(store: Store, actor: Actor, id: string, input: EditSchedule): Promise<Schedule> {
  const { collections, ...changes } = input;
  await decide(
    store,
    actor,
    id,
    'edit',
    async (tx, schedule) => {
      const times = parseCron(input.cron ?? schedule.cron, input.timeZone ?? schedule.timeZone);
      const moved = times.cron !== schedule.cron || times.timeZone !== schedule.timeZone;
      const owner = await findByName(tx, schedule.workspaceId, input.name ?? schedule.name);
      if (owner !== undefined && owner !== id) throw nameTaken(input.name!);
      if (collections !== undefined) {
        const members = await takeMembers(tx, actor.scope, { collections }, id);
        await replaceMembers(
          tx,
          id,
          members.map((member) => member.id),
        );
      }
      const nextAt = moved && schedule.state === 'active' ? nextRun(times, schedule.after) : schedule.nextAt;
      await updateSchedule(tx, { ...schedule, ...defined(changes), ...times, nextAt });
    },
    { ...input },
  );
  return readSchedule(store, actor.scope, id);
}

/** Only what was given: a field left out stays as it is, null is a value. */
const defined = <T extends object>(changes: T): { [K in keyof T]?: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };

/** Lock, decide, record: one transaction. */
async function decide(
  store: Store,
  actor: Actor,
  id: string,
  action: string,
  deed: (tx: Tx, schedule: ScheduleRow) => Promise<unknown>,
  details?: Record<string, unknown>,
): Promise<void> {
  await store.transaction(async (tx) => {
    const schedule = await lockSchedule(tx, actor.scope, id);
    if (!schedule) throw noSchedule(id);
    await deed(tx, schedule);
    await writeAudit(tx, {
      workspaceId: schedule.workspaceId,
      person: actor.person,
      action: `schedule.${action}`,
      subject: `schedule ${id}`,
      details: details ?? { name: schedule.name, from: schedule.state },
    });
  });
}
