import { clocksAgree, machineNow } from '../../../ground/calendar/clocks.ts';
import type { Tx } from '../../../ground/database.ts';
import { SCHEDULE, type ScheduleRow } from './schedules.ts';

/** Further ahead than any clock that is believed. */
const FUTURE = "now() + interval '1 hour'";

/**
 * Ticks that the future dates were made by a clock that was ahead; they were made about now. A second apart, since no two of a schedule
 * have the same due time. The month of the last tick and the wait after a failure come back with them.
 */
export async function bringTicksBack(tx: Tx): Promise<void> {
  await tx.query(
    `UPDATE schedule_ticks t SET due_at = now() - early.place * interval '1 s', ticked_at = least(t.ticked_at, now())
     FROM (SELECT id, row_number() OVER (PARTITION BY schedule_id ORDER BY id DESC) AS place FROM schedule_ticks WHERE due_at > ${FUTURE}) early
     WHERE t.id = early.id AND ${clocksAgree('$1')}`,
    [machineNow()],
  );
  await tx.query(
    `UPDATE schedules SET last_month = least(last_month, to_char(now() AT TIME ZONE time_zone, 'YYYY-MM')), retry_after = least(retry_after, ${FUTURE})
     WHERE (last_month > to_char(now() AT TIME ZONE time_zone, 'YYYY-MM') OR retry_after > ${FUTURE}) AND ${clocksAgree('$1')}`,
    [machineNow()],
  );
}

/** Schedules that wait for a time to come, locked; those that are being ticked or edited are left out. */
export async function lockWaiting(tx: Tx): Promise<(ScheduleRow & { nextAt: Date })[]> {
  const { rows } = await tx.query<ScheduleRow & { nextAt: Date }>(
    `SELECT ${SCHEDULE} FROM schedules s WHERE s.state = 'active' AND s.next_at > now() AND ${clocksAgree('$1')}
     ORDER BY s.id FOR UPDATE SKIP LOCKED`,
    [machineNow()],
  );
  return rows;
}

export async function setNextAt(tx: Tx, id: string, nextAt: Date): Promise<void> {
  await tx.query('UPDATE schedules SET next_at = $2, updated_at = now() WHERE id = $1', [id, nextAt]);
}
