import { localDate } from '../../ground/calendar/week.ts';
import { CollectorError } from '../../contract/error.ts';
import { nextRun, passedSince } from './cron.ts';
import { crashPoint } from '../../ground/crash-point.ts';
import { announce } from '../../ground/outbox/announce.ts';
import type { TickDeps } from './context.ts';
import { scheduleChanged } from './events.ts';
import { instancesOf } from './statements/members.ts';
import { lockDue, moveOn, noteFailure, type ScheduleRow } from './statements/schedules.ts';
import { removeOldTicks, type Occasion } from './statements/ticks.ts';
import { tick } from './tick.ts';
import type { Tx } from '../../ground/database.ts';

/** A tick that comes later than this was missed: no collector was running. */
const LATE_MS = 5 * 60_000;
const RETRY_MS = 60_000;

/**
 * Makes the tick that is due longest, in one transaction: the tick, its runs and the schedule's next time appear together or not at all,
 * so a process that dies loses nothing, and of several processes one makes it. A failure is written to the schedule and tried again.
 * @returns whether one was due
 * @throws CollectorError database_unavailable and the like; every other failure stays with its schedule
 */
export async function tickDue(deps: TickDeps, signal: AbortSignal): Promise<{ scheduleId: string; failure: unknown } | undefined> {
  let schedule: ScheduleRow | undefined;
  try {
    await deps.store.transaction(
      async (tx) => {
        await boundTransaction(tx);
        const due = await lockDue(tx);
        schedule = due;
        if (due) await tickOnTime(tx, deps, due);
      },
      { signal },
    );
    return schedule && { scheduleId: schedule.id, failure: null };
  } catch (error) {
    const failed = schedule;
    if (signal.aborted || !failed || (error instanceof CollectorError && error.code === 'database_unavailable')) throw error;
    const text = error instanceof CollectorError ? error.message : `A mistake of the collector: ${String(error)}. See its log.`;
    await deps.store.transaction((tx) => noteFailure(tx, failed.id, text, RETRY_MS));
    return { scheduleId: failed.id, failure: error };
  }
}

/** A process that was stopped in the middle must not keep schedule and collections locked for ever: the database ends the transaction. */
const boundTransaction = (tx: Tx) =>
  tx.query(`SET LOCAL lock_timeout = '15s'; SET LOCAL statement_timeout = '60s'; SET LOCAL idle_in_transaction_session_timeout = '60s'`);

async function tickOnTime(tx: Tx, deps: TickDeps, schedule: ScheduleRow & { nextAt: Date }): Promise<void> {
  const occasion = occasionOf(schedule);
  await tick(tx, deps, schedule, occasion);
  await removeOldTicks(tx, schedule.id);
  await moveOn(tx, schedule.id, nextRun(schedule, schedule.after), monthOf(occasion.dueAt, schedule.timeZone));
  await announce(tx, scheduleChanged(schedule.workspaceId, schedule.id, await instancesOf(tx, schedule.id)));
  crashPoint('schedule.beforeCommit');
}

/** Missed due times are made up for once: a second run of the same weeks on the same day would buy nothing new. */
export function occasionOf(schedule: ScheduleRow & { nextAt: Date }): Occasion {
  const { newest, count } = passedSince(schedule, schedule.nextAt, schedule.now);
  const late = count > 1 || schedule.now.getTime() - newest.getTime() > LATE_MS;
  return {
    kind: late ? 'caught_up' : 'scheduled',
    dueAt: newest,
    missed: late ? count : 0,
    deep: schedule.deepRestateWeeks !== null && monthOf(newest, schedule.timeZone) > schedule.lastMonth,
    askedBy: 'collector',
  };
}

/** yyyy-mm of an instant in a zone. */
export const monthOf = (instant: Date, timeZone: string): string => localDate(instant, timeZone).slice(0, 7);
