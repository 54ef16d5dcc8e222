import { CollectorError } from '../../contract/error.ts';
import type { CreateSchedule, Schedule } from '../../contract/schedules.ts';
import type { Tx } from '../../ground/database.ts';
import { decide, type Decision } from '../../ground/decide.ts';
import type { ScheduleContext } from './context.ts';
import { nextRun, parseCron, type CronTimes } from './cron.ts';
import { monthOf } from './due.ts';
import { scheduleChanged } from './events.ts';
import { takeMembers, westernmost } from './members.ts';
import { readSchedule } from './read.ts';
import { nameTaken } from './refusal.ts';
import { insertMembers, instancesOf, type Member } from './statements/members.ts';
import { databaseNow, insertSchedule } from './statements/schedules.ts';
import { SCHEDULE_TEMPLATES } from './templates.ts';

export type CreateContext = Omit<ScheduleContext, 'timeFactor'>;

/**
 * Makes a schedule over collections that belong to no other one. What the request leaves out comes from its template. Its first tick
 * is at the next due time; the first deep one in a later month, since what was just collected is fresh.
 * @throws CollectorError invalid_request (cron, zone), not_found, conflict naming the schedule in the way, unknown_dataset
 */
export async function createSchedule(ctx: CreateContext, input: CreateSchedule): Promise<Schedule> {
  if (input.dataset !== undefined) ctx.catalogue.findDataset(input.dataset);
  const { id } = await decide(
    ctx,
    scheduleCreation(ctx, input, (tx) => takeMembers(tx, ctx.scope, input)),
  );
  return readSchedule(ctx, { id });
}

export type ScheduleSettings = Omit<CreateSchedule, 'collections' | 'dataset'>;
interface Created {
  id: string;
  times: CronTimes;
  instances: string[];
}

/**
 * The decision alone.
 * @param membersOf locks what the schedule is to hold
 * @throws CollectorError invalid_request (cron, zone)
 */
export function scheduleCreation(
  ctx: Pick<CreateContext, 'scope' | 'actor'>,
  input: ScheduleSettings,
  membersOf: (tx: Tx) => Promise<Member[]>,
): Decision<Member[], Created> {
  const cron = input.cron ?? SCHEDULE_TEMPLATES.find((each) => each.template === input.template)?.cron;
  if (cron === undefined) throw new CollectorError('invalid_request', 'A schedule needs a cron expression, or a template.');
  // Before any lock: what is wrong with the times is wrong in every zone.
  parseCron(cron, input.timeZone ?? 'UTC');
  return {
    action: 'schedule.create',
    lock: membersOf,
    change: (tx, members) => insert(tx, ctx, members, { ...input, cron }),
    record: (members, { id, times }) => ({
      subject: `schedule ${id}`,
      details: { name: input.name, ...times, collections: members.map((member) => member.id) },
    }),
    events: (_members, { id, instances }) => scheduleChanged(ctx.scope.workspaceId, id, instances),
  };
}

async function insert(
  tx: Tx,
  { scope, actor }: Pick<CreateContext, 'scope' | 'actor'>,
  members: readonly Member[],
  input: ScheduleSettings & { cron: string },
): Promise<Created> {
  const template = SCHEDULE_TEMPLATES.find((each) => each.template === input.template);
  const now = await databaseNow(tx);
  const zones = members.map(({ timeZone }) => timeZone);
  const times = parseCron(input.cron, input.timeZone ?? westernmost(zones, now));
  const id = await insertSchedule(tx, {
    workspaceId: scope.workspaceId,
    name: input.name,
    template: input.template ?? null,
    ...times,
    restateWeeks: input.restateWeeks === undefined ? (template?.restateWeeks ?? null) : input.restateWeeks,
    deepRestateWeeks: input.deepRestateWeeks === undefined ? (template?.deepRestateWeeks ?? null) : input.deepRestateWeeks,
    staggerSeconds: input.staggerSeconds ?? template?.staggerSeconds ?? 0,
    nextAt: nextRun(times, now),
    lastMonth: monthOf(now, times.timeZone),
    createdBy: actor,
  });
  if (id === undefined) throw nameTaken(input.name);
  await insertMembers(
    tx,
    id,
    members.map((member) => member.id),
  );
  return { id, times, instances: await instancesOf(tx, id) };
}
