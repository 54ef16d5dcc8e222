import type { Pool } from 'pg';
import { clocksAgree, machineNow } from '../../../ground/calendar/clocks.ts';
import type { Scope } from '../../../ground/context.ts';
import type { SCHEDULE_STATES } from '../../../contract/schedules.ts';
import type { SCHEDULE_TEMPLATE_NAMES } from '../../../contract/schedule-templates.ts';
import type { Tx } from '../../../ground/database.ts';

export interface ScheduleRow {
  id: string;
  workspaceId: string;
  name: string;
  template: (typeof SCHEDULE_TEMPLATE_NAMES)[number] | null;
  cron: string;
  timeZone: string;
  restateWeeks: number | null;
  deepRestateWeeks: number | null;
  staggerSeconds: number;
  state: (typeof SCHEDULE_STATES)[number];
  /** null while paused. */
  nextAt: Date | null;
  /** yyyy-mm in its zone. */
  lastMonth: string;
  /** The database's clock. */
  now: Date;
  /** The next tick comes after this: now, or its last tick if the clock was set back since. */
  after: Date;
}

export const SCHEDULE = `s.id, s.workspace_id AS "workspaceId", s.name, s.template, s.cron, s.time_zone AS "timeZone",
  s.restate_weeks AS "restateWeeks", s.deep_restate_weeks AS "deepRestateWeeks", s.stagger_seconds AS "staggerSeconds",
  s.state, s.next_at AS "nextAt", s.last_month AS "lastMonth", now() AS now,
  greatest(now(), (SELECT max(t.due_at) FROM schedule_ticks t WHERE t.schedule_id = s.id AND t.kind <> 'manual')) AS after`;

/**
 * Whether a scope sees schedule s: all its instances or none of it, since whoever pauses or runs it does so for all of them.
 * `ids` is the parameter with the scope's instances (NULL: the whole workspace); one without collections shows only there.
 */
export const visible = (ids: string): string =>
  `(${ids}::bigint[] IS NULL OR (EXISTS (SELECT FROM schedule_collections m WHERE m.schedule_id = s.id) AND NOT EXISTS (
     SELECT FROM schedule_collections m JOIN report_data_collections c ON c.id = m.collection_id
     WHERE m.schedule_id = s.id AND c.instance_id <> ALL (${ids}::bigint[]))))`;

/** A schedule of the scope, locked so that ticks and decisions come one after the other. */
export async function lockSchedule(tx: Tx, scope: Scope, id: string): Promise<ScheduleRow | undefined> {
  const { rows } = await tx.query<ScheduleRow>(
    `SELECT ${SCHEDULE} FROM schedules s WHERE s.id = $1 AND s.workspace_id = $2 AND ${visible('$3')} FOR UPDATE`,
    [id, scope.workspaceId, scope.instanceIds],
  );
  return rows[0];
}

/** Takes the schedule that is due longest; none while the clocks contradict each other. SKIP LOCKED: one that another process ticks, or a person edits, is not waited for. */
export async function lockDue(tx: Tx): Promise<(ScheduleRow & { nextAt: Date }) | undefined> {
  const { rows } = await tx.query<ScheduleRow & { nextAt: Date }>(
    `SELECT ${SCHEDULE} FROM schedules s
     WHERE s.state = 'active' AND s.next_at <= now() AND s.retry_after <= now() AND ${clocksAgree('$1')}
     ORDER BY s.next_at, s.id LIMIT 1
     FOR UPDATE SKIP LOCKED`,
    [machineNow()],
  );
  return rows[0];
}

/** Milliseconds until the next tick is due (at most 0: one is due); null when there is no active schedule. */
export async function nextTickMs(pool: Pool): Promise<number | null> {
  const { rows } = await pool.query<{ ms: number | null }>(
    `SELECT (extract(epoch FROM min(greatest(next_at, retry_after)) - now()) * 1000)::float8 AS ms FROM schedules WHERE state = 'active'`,
  );
  return rows[0]?.ms ?? null;
}

/** The tick is made; the next one is then. */
export async function moveOn(tx: Tx, id: string, nextAt: Date, lastMonth: string): Promise<void> {
  await tx.query(
    `UPDATE schedules SET next_at = $2, last_month = $3, failure = NULL, retry_after = '-infinity', updated_at = now() WHERE id = $1`,
    [id, nextAt, lastMonth],
  );
}

/** The tick could not be made; it stays due and is tried again, and other schedules are not kept waiting meanwhile. */
export async function noteFailure(tx: Tx, id: string, failure: string, retryInMs: number): Promise<void> {
  await tx.query(
    `UPDATE schedules SET failure = $2, retry_after = now() + $3::float8 * interval '1 ms', updated_at = now() WHERE id = $1`,
    [id, failure, retryInMs],
  );
}

export type NewSchedule = Omit<ScheduleRow, 'id' | 'state' | 'now' | 'after' | 'nextAt'> & { nextAt: Date; createdBy: string };

/** @returns undefined when the workspace has a schedule of that name */
export async function insertSchedule(tx: Tx, row: NewSchedule): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    `INSERT INTO schedules (workspace_id, name, template, cron, time_zone, restate_weeks, deep_restate_weeks, stagger_seconds, next_at, last_month, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (workspace_id, name) DO NOTHING RETURNING id`,
    [
      row.workspaceId,
      row.name,
      row.template,
      row.cron,
      row.timeZone,
      row.restateWeeks,
      row.deepRestateWeeks,
      row.staggerSeconds,
      row.nextAt,
      row.lastMonth,
      row.createdBy,
    ],
  );
  return rows[0]?.id;
}

/** Writes what a person may change; a new plan is a new chance for a tick that failed. */
export async function updateSchedule(tx: Tx, row: ScheduleRow): Promise<void> {
  await tx.query(
    `UPDATE schedules SET name = $2, cron = $3, time_zone = $4, restate_weeks = $5, deep_restate_weeks = $6, stagger_seconds = $7,
       state = $8, next_at = $9, failure = NULL, retry_after = '-infinity', updated_at = now() WHERE id = $1`,
    [row.id, row.name, row.cron, row.timeZone, row.restateWeeks, row.deepRestateWeeks, row.staggerSeconds, row.state, row.nextAt],
  );
}

export const deleteSchedule = (tx: Tx, id: string) => tx.query('DELETE FROM schedules WHERE id = $1', [id]);

export async function findByName(tx: Tx, workspaceId: string, name: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>('SELECT id FROM schedules WHERE workspace_id = $1 AND name = $2', [workspaceId, name]);
  return rows[0]?.id;
}

/** The database's clock. */
export async function databaseNow(tx: Tx): Promise<Date> {
  return (await tx.query<{ now: Date }>('SELECT now() AS now')).rows[0]!.now;
}
