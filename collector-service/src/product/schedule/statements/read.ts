import type { Pool, PoolClient } from 'pg';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Scope } from '../../../ground/context.ts';
import type { CollectionState, WeekState } from '../../../engine/collect/states.ts';
import type { SkippedWeek, TICK_KINDS } from '../../../contract/schedule-ticks.ts';
import { visible, type ScheduleRow } from './schedules.ts';

export interface ScheduleView extends Omit<ScheduleRow, 'workspaceId' | 'lastMonth' | 'after'> {
  failure: string | null;
  lastTick: { id: string; kind: (typeof TICK_KINDS)[number]; tickedAt: string; weeksPlanned: number; weeksSkipped: number } | null;
  collections: {
    id: string;
    name: string;
    instance: string;
    instanceName: string;
    dataset: string;
    state: CollectionState;
    lastWeek: IsoDate;
  }[];
  createdAt: Date;
  createdBy: string;
}

/** A read that takes longer than this (ms) would keep a page waiting for nothing. */
const DEADLINE = { query_timeout: 10_000 };

/** Weeks of a tick over all its collections. */
const TICK_COUNTS = `coalesce((SELECT sum(cardinality(r.added) + cardinality(r.restated) + cardinality(r.retried)) FROM schedule_tick_results r WHERE r.tick_id = t.id), 0)::int AS "weeksPlanned",
  coalesce((SELECT sum(jsonb_array_length(r.skipped)) FROM schedule_tick_results r WHERE r.tick_id = t.id), 0)::int AS "weeksSkipped"`;

/** Schedules of the scope by name, with their collections and their newest tick. */
export async function selectSchedules(pool: Pool, scope: Scope, id?: string): Promise<ScheduleView[]> {
  const { rows } = await pool.query<ScheduleView>({
    text: `SELECT s.id, s.name, s.template, s.cron, s.time_zone AS "timeZone", s.restate_weeks AS "restateWeeks",
         s.deep_restate_weeks AS "deepRestateWeeks", s.stagger_seconds AS "staggerSeconds", s.state, s.next_at AS "nextAt", s.failure,
         s.created_at AS "createdAt", s.created_by AS "createdBy", now() AS now, coalesce(members.list, '[]') AS collections,
         last_tick.tick AS "lastTick"
       FROM schedules s
       LEFT JOIN LATERAL (
         SELECT jsonb_agg(jsonb_build_object('id', c.id::text, 'name', c.name, 'instance', i.amc_instance_id, 'instanceName', i.name,
                  'dataset', c.dataset, 'state', c.state, 'lastWeek', c.last_week::text) ORDER BY i.name, c.dataset, c.id) AS list
         FROM schedule_collections m JOIN report_data_collections c ON c.id = m.collection_id JOIN instances i ON i.id = c.instance_id
         WHERE m.schedule_id = s.id) members ON true
       LEFT JOIN LATERAL (
         SELECT to_jsonb(newest) AS tick FROM (
           SELECT t.id::text, t.kind, to_char(t.ticked_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "tickedAt", ${TICK_COUNTS}
           FROM schedule_ticks t WHERE t.schedule_id = s.id ORDER BY t.id DESC LIMIT 1) newest) last_tick ON true
       WHERE s.workspace_id = $1 AND ${visible('$2')} AND ($3::bigint IS NULL OR s.id = $3)
       ORDER BY s.name`,
    values: [scope.workspaceId, scope.instanceIds, id ?? null],
    ...DEADLINE,
  });
  return rows;
}

/** Whether the scope sees the whole of a schedule. */
export async function sees(db: Pool | PoolClient, scope: Scope, id: string): Promise<boolean> {
  const { rowCount } = await db.query(`SELECT FROM schedules s WHERE s.id = $1 AND s.workspace_id = $2 AND ${visible('$3')}`, [
    id,
    scope.workspaceId,
    scope.instanceIds,
  ]);
  return rowCount === 1;
}

export interface TickView {
  id: string;
  kind: (typeof TICK_KINDS)[number];
  dueAt: Date;
  tickedAt: Date;
  missed: number;
  deep: boolean;
  askedBy: string;
  weeksPlanned: number;
  weeksSkipped: number;
}

/** Ticks of a schedule, newest first; older than one of them, or that one alone. */
export async function selectTicks(
  pool: Pool,
  scheduleId: string,
  { before, only, limit }: { before?: string | undefined; only?: string; limit: number },
): Promise<TickView[]> {
  const { rows } = await pool.query<TickView>({
    text: `SELECT t.id, t.kind, t.due_at AS "dueAt", t.ticked_at AS "tickedAt", t.missed, t.deep, t.asked_by AS "askedBy", ${TICK_COUNTS}
       FROM schedule_ticks t
       WHERE t.schedule_id = $1 AND ($2::bigint IS NULL OR t.id < $2) AND ($3::bigint IS NULL OR t.id = $3)
       ORDER BY t.id DESC LIMIT $4`,
    values: [scheduleId, before ?? null, only ?? null, limit],
    ...DEADLINE,
  });
  return rows;
}

export interface TickCollectionView {
  tickId: string;
  collectionId: string;
  collection: string;
  instance: string;
  dataset: string;
  added: IsoDate[];
  restated: IsoDate[];
  retried: IsoDate[];
  skipped: SkippedWeek[];
  note: string | null;
  runs: Partial<Record<WeekState, number>>;
  rowsAdded: number;
  rowsChanged: number;
  rowsVanished: number;
}

/** What ticks decided about their collections, and what became of the runs they planned. */
export async function selectTickCollections(pool: Pool, tickIds: readonly string[]): Promise<TickCollectionView[]> {
  const { rows } = await pool.query<TickCollectionView>({
    text: `SELECT r.tick_id AS "tickId", c.id AS "collectionId", c.name AS collection, i.amc_instance_id AS instance, c.dataset,
         r.added::text[], r.restated::text[], r.retried::text[], r.skipped, r.note, coalesce(runs.states, '{}') AS runs,
         coalesce(runs.added, 0)::float8 AS "rowsAdded", coalesce(runs.changed, 0)::float8 AS "rowsChanged", coalesce(runs.vanished, 0)::float8 AS "rowsVanished"
       FROM schedule_tick_results r
       JOIN report_data_collections c ON c.id = r.collection_id
       JOIN instances i ON i.id = c.instance_id
       LEFT JOIN (
         SELECT tick_id, collection_id, jsonb_object_agg(state, n) AS states, sum(added) AS added, sum(changed) AS changed, sum(vanished) AS vanished
         FROM (SELECT tick_id, collection_id, state, count(*) AS n, sum(rows_added) AS added, sum(rows_changed) AS changed, sum(rows_vanished) AS vanished
               FROM week_runs WHERE tick_id = ANY ($1) GROUP BY tick_id, collection_id, state) counted
         GROUP BY tick_id, collection_id) runs ON runs.tick_id = r.tick_id AND runs.collection_id = r.collection_id
       WHERE r.tick_id = ANY ($1)
       ORDER BY i.name, c.dataset, c.id`,
    values: [tickIds],
    ...DEADLINE,
  });
  return rows;
}
