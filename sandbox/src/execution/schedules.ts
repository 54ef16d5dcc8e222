import { findInstance, type SandboxInstance } from '../account.ts';
import type { SandboxContext } from '../context.ts';
import { AmcError } from '../wire/amc-error.ts';
import { newExecution } from './create.ts';
import { listSchedules, markChecked, WEEKDAYS, type StoredSchedule } from './schedule-store.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A clock moved on by a year does not owe a year of runs. */
const MAX_CATCH_UP = 60;

/** Firing instants after one instant, up to and with another: the schedule's hour, every day or on its weekday. */
export function firings(schedule: StoredSchedule, after: Date, until: Date): Date[] {
  const found: Date[] = [];
  const first = new Date(after);
  first.setUTCHours(schedule.aggregationHourUtc, 0, 0, 0);
  for (let at = first.getTime(); at <= until.getTime(); at += DAY_MS) {
    const day = WEEKDAYS[new Date(at).getUTCDay()];
    if (at > after.getTime() && (schedule.aggregationPeriod === 'Daily' || day === schedule.aggregationStartDay)) found.push(new Date(at));
  }
  return found.slice(-MAX_CATCH_UP);
}

/** Creates the executions that are due on the calendar clock; each covers the day or week up to its firing. */
export async function fireSchedules(context: SandboxContext): Promise<void> {
  const now = context.clock.now();
  for (const schedule of await listSchedules(context.database.owner)) {
    const due = schedule.scheduleEnabled ? firings(schedule, schedule.checkedAt, now) : [];
    if (due.length === 0 && schedule.scheduleEnabled) continue;
    const instance = findInstance(schedule.instanceId);
    if (!instance || !(await markChecked(context.database.owner, schedule, now))) continue;
    await fire(context, instance, schedule, due).catch((error: unknown) => {
      // One whose workflow wants what no schedule can give stops no other.
      if (!(error instanceof AmcError)) throw error;
      context.logger.warn(
        { scheduleId: schedule.scheduleId, instanceId: instance.instanceId, reason: error.message },
        'A schedule could not run',
      );
    });
  }
}

async function fire(context: SandboxContext, instance: SandboxInstance, schedule: StoredSchedule, due: readonly Date[]): Promise<void> {
  const span = schedule.aggregationPeriod === 'Daily' ? DAY_MS : 7 * DAY_MS;
  const local = (ms: number): string => new Date(ms).toISOString().slice(0, 19);
  for (const at of due) {
    const execution = await newExecution(context, instance, {
      workflowId: schedule.workflowId,
      timeWindowType: 'EXPLICIT',
      timeWindowStart: local(at.getTime() - span),
      timeWindowEnd: local(at.getTime()),
      requireSyntheticData: schedule.requireSyntheticData,
      disableAggregationControls: schedule.disableAggregationControls,
    });
    await context.queue.add(execution);
  }
}
