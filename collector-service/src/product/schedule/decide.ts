import type { Context } from '../../ground/context.ts';
import type { Tx } from '../../ground/database.ts';
import { decide } from '../../ground/decide.ts';
import { scheduleChanged } from './events.ts';
import { noSchedule } from './refusal.ts';
import { instancesOf } from './statements/members.ts';
import { lockSchedule, type ScheduleRow } from './statements/schedules.ts';

export interface ScheduleDecision<Result> {
  /** 'pause' */
  verb: string;
  change(tx: Tx, schedule: ScheduleRow): Promise<Result>;
  details?: Record<string, unknown>;
}

/** A decision about one schedule of the scope. @throws CollectorError not_found, and what the change throws */
export const decideSchedule = <Result>(ctx: Context, id: string, { verb, change, details }: ScheduleDecision<Result>): Promise<Result> =>
  decide<{ schedule: ScheduleRow; instances: string[] }, { result: Result; instances: string[] }>(ctx, {
    action: `schedule.${verb}`,
    async lock(tx) {
      const schedule = await lockSchedule(tx, ctx.scope, id);
      if (!schedule) throw noSchedule(id);
      return { schedule, instances: await instancesOf(tx, id) };
    },
    change: async (tx, { schedule }) => ({ result: await change(tx, schedule), instances: await instancesOf(tx, id) }),
    record: ({ schedule }) => ({ subject: `schedule ${id}`, details: details ?? { name: schedule.name, from: schedule.state } }),
    events: (before, after) => scheduleChanged(ctx.scope.workspaceId, id, before.instances, after.instances),
  }).then(({ result }) => result);
