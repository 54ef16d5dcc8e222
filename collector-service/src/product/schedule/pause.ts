import type { Schedule } from '../../contract/schedules.ts';
import type { Context } from '../../ground/context.ts';
import { decideSchedule } from './decide.ts';
import { readSchedule } from './read.ts';
import { updateSchedule } from './statements/schedules.ts';

/** Stops ticking; what was planned goes on. What comes due meanwhile is not made up for. @throws CollectorError not_found */
export async function pauseSchedule(ctx: Context, { id }: { id: string }): Promise<Schedule> {
  await decideSchedule(ctx, id, {
    verb: 'pause',
    change: (tx, schedule) => updateSchedule(tx, { ...schedule, state: 'paused', nextAt: null }),
  });
  return readSchedule(ctx, { id });
}
