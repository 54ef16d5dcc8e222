import { writeAudit } from '../../engine/collect/statements/audit.ts';
import type { Actor } from '../../engine/collect/control.ts';
import type { CreateSchedule, Schedule } from '../../contract/schedules.ts';
import { nextRun, parseCron } from './cron.ts';
import type { ScheduleDeps } from './deps.ts';
import { monthOf } from './due.ts';
import { takeMembers, westernmost } from './members.ts';
import { readSchedule } from './read.ts';
import { refuse } from './refusal.ts';
import { insertMembers } from './statements/members.ts';
import { databaseNow, insertSchedule } from './statements/schedules.ts';
import { SCHEDULE_TEMPLATES } from './templates.ts';

/**
 * Makes a schedule over collections that belong to no other one. What the request leaves out comes from its template. Its first tick
 * is at the next due time; the first deep one in a later month, since what was just collected is fresh.
 * @throws CollectorError invalid_request (cron, zone), not_found, conflict naming the schedule in the way, unknown_dataset
 */
export async function createSchedule(
  deps: Pick<ScheduleDeps, 'store' | 'catalogue'>,
  actor: Actor,
  input: CreateSchedule,
): Promise<Schedule> {
  const template = SCHEDULE_TEMPLATES.find((each) => each.template === input.template);
  const cron = input.cron ?? template?.cron;
  if (cron === undefined) throw refuse('invalid_request', 'A schedule needs a cron expression, or a template.');
  // Before any lock: what is wrong with the times is wrong in every zone.
  parseCron(cron, input.timeZone ?? 'UTC');
  if (input.dataset !== undefined) deps.catalogue.findDataset(input.dataset);
  const id = await deps.store.transaction(async (tx) => {
    const members = await takeMembers(tx, actor.scope, input);
    const now = await databaseNow(tx);
    const zones = members.map(({ timeZone }) => timeZone);
    const times = parseCron(cron, input.timeZone ?? westernmost(zones, now));
    const scheduleId = await insertSchedule(tx, {
      workspaceId: actor.scope.workspaceId,
      name: input.name,
      template: input.template ?? null,
      ...times,
      restateWeeks: input.restateWeeks === undefined ? (template?.restateWeeks ?? null) : input.restateWeeks,
      deepRestateWeeks: input.deepRestateWeeks === undefined ? (template?.deepRestateWeeks ?? null) : input.deepRestateWeeks,
      staggerSeconds: input.staggerSeconds ?? template?.staggerSeconds ?? 0,
      nextAt: nextRun(times, now),
      lastMonth: monthOf(now, times.timeZone),
      createdBy: actor.person,
    });
    if (scheduleId === undefined) throw nameTaken(input.name);
    await insertMembers(
      tx,
      scheduleId,
      members.map((member) => member.id),
    );
    await writeAudit(tx, {
      workspaceId: actor.scope.workspaceId,
      person: actor.person,
      action: 'schedule.create',
      subject: `schedule ${scheduleId}`,
      details: { name: input.name, ...times, collections: members.map((member) => member.id) },
    });
    return scheduleId;
  });
  return readSchedule(deps.store, actor.scope, id);
}

export const nameTaken = (name: string) =>
  refuse('conflict', `This workspace has a schedule named '${name}' already; choose another name.`);
