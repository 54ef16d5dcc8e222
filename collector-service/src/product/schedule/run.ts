import { requireClocks } from '../../ground/calendar/clocks.ts';
import type { ScheduleTick } from '../../contract/schedule-ticks.ts';
import type { ScheduleContext } from './context.ts';
import { decideSchedule } from './decide.ts';
import { readTick } from './read.ts';
import { tick } from './tick.ts';

/** A tick now, ahead of other work, also of a paused schedule; its due times stay. @throws CollectorError not_found, clocks_disagree */
export async function runSchedule(ctx: ScheduleContext, { id }: { id: string }): Promise<ScheduleTick> {
  const tickId = await decideSchedule(ctx, id, {
    verb: 'run',
    async change(tx, schedule) {
      await requireClocks(tx);
      return tick(tx, ctx, schedule, { kind: 'manual', dueAt: schedule.now, missed: 0, deep: false, askedBy: ctx.actor });
    },
  });
  return readTick(ctx, id, tickId);
}
