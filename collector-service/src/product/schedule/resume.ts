import type { Schedule } from '../../contract/schedules.ts';
import type { Context } from '../../ground/context.ts';
import { nextRun } from './cron.ts';
import { decideSchedule } from './decide.ts';
import { readSchedule } from './read.ts';
import { updateSchedule } from './statements/schedules.ts';

/** Ticks again from the next due time on. @throws CollectorError not_found */
export async function resumeSchedule(ctx: Context, { id }: { id: string }): Promise<Schedule> {
  await decideSchedule(ctx, id, {
    verb: 'resume',
    change: (tx, schedule) =>
      updateSchedule(tx, { ...schedule, state: 'active', nextAt: schedule.nextAt ?? nextRun(schedule, schedule.after) }),
  });
  return readSchedule(ctx, { id });
}
