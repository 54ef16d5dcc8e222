import type { Logger } from 'pino';
import type { TickDeps } from './context.ts';
import { nextRun } from './cron.ts';
import { scheduleChanged } from './events.ts';
import { announce } from '../../ground/outbox/announce.ts';
import { instancesOf } from './statements/members.ts';
import { bringTicksBack, lockWaiting, setNextAt } from './statements/mend.ts';
import type { ScheduleRow } from './statements/schedules.ts';

/** The next time by its cron; null for one that cannot be read, which its own tick will say. */
function allowed(schedule: ScheduleRow): Date | null {
  try {
    return nextRun(schedule, schedule.after);
  } catch {
    return null;
  }
}

/**
 * Brings back what a clock that was ahead has moved away: ticks dated in the future are dated now, and a next time that lies farther
 * away than the cron allows is computed anew. Does nothing while the clocks contradict each other.
 */
export async function mendSchedules({ store, logger }: Pick<TickDeps, 'store'> & { logger: Logger }): Promise<void> {
  const mended = await store.transaction(async (tx) => {
    await bringTicksBack(tx);
    const changed = [];
    for (const schedule of await lockWaiting(tx)) {
      const nextAt = allowed(schedule);
      if (nextAt === null || schedule.nextAt <= nextAt) continue;
      await setNextAt(tx, schedule.id, nextAt);
      await announce(tx, scheduleChanged(schedule.workspaceId, schedule.id, await instancesOf(tx, schedule.id)));
      changed.push({ schedule: schedule.id, from: schedule.nextAt, to: nextAt });
    }
    return changed;
  });
  for (const each of mended) logger.warn(each, 'A schedule waited for longer than its cron says: the clock had jumped. It was set right.');
}
