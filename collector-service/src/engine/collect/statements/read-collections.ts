import type { Pool } from 'pg';
import type { WindowKind } from '../../../ground/calendar/window.ts';
import type { Attribution } from '../../../ground/calendar/age.ts';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { CollectionSchedule } from '../../../contract/collections.ts';
import type { ErrorCode } from '../../../contract/errors.ts';
import type { Scope } from '../../../ground/context.ts';
import type { CollectionState, WeekState } from '../states.ts';

export interface CollectionView {
  id: string;
  name: string;
  instance: string;
  instanceName: string;
  timeZone: string;
  dataset: string;
  attribution: Attribution;
  window: WindowKind;
  datasetTitle: string;
  datasetVersion: number;
  state: CollectionState;
  stopReason: string | null;
  stoppedAt: Date | null;
  /** What Amazon refuses it, and when that is asked again; instants as JSON. */
  refusal: { code: ErrorCode; message: string; since: string; nextTryAt: string } | null;
  firstWeek: IsoDate;
  lastWeek: IsoDate;
  weeks: Partial<Record<WeekState, number>>;
  weeksOutOfReach: number;
  weeksSetAside: number;
  weeksDoubtful: number;
  rows: string;
  dataAsOf: Date | null;
  imported: boolean;
  schedule: CollectionSchedule | null;
  createdAt: Date;
  createdBy: string;
}

/** A read that takes longer than this (ms) would keep a page waiting for nothing. */
const DEADLINE = { query_timeout: 10_000 };

/** A newest run after which its week (w) stays empty: Amazon no longer had it, or a person set its only result aside. */
const UNSERVED = `newest.state = 'skipped' AND coalesce(w.data_version, 0) = 0`;
const OUT_OF_REACH = `${UNSERVED} AND newest.error_code = 'week_out_of_range'`;
const SET_ASIDE = `${UNSERVED} AND newest.error_code IS DISTINCT FROM 'week_out_of_range'`;

/** Collections with the number of weeks by the state of their newest run. One statement, because lists are read often and pages wait for them. */
export async function selectCollections(pool: Pool, scope: Scope, id?: string): Promise<CollectionView[]> {
  const { rows } = await pool.query<CollectionView>({
    text: `SELECT c.id, c.name, i.amc_instance_id AS instance, i.name AS "instanceName", i.time_zone AS "timeZone",
         c.dataset, d.definition->>'attribution' AS attribution, d.definition->>'window' AS "window", d.definition->>'title' AS "datasetTitle", c.dataset_version AS "datasetVersion",
         c.state, c.stop_reason AS "stopReason", c.stopped_at AS "stoppedAt",
         (SELECT jsonb_build_object('code', f.code, 'message', f.message, 'since', f.since, 'nextTryAt', f.next_try_at)
          FROM collection_refusals f WHERE f.collection_id = c.id) AS refusal, c.first_week::text AS "firstWeek", c.last_week::text AS "lastWeek",
         coalesce(runs.weeks, '{}') AS weeks, coalesce(runs.out_of_reach, 0)::int AS "weeksOutOfReach", coalesce(runs.set_aside, 0)::int AS "weeksSetAside",
         coalesce(served.doubtful, 0)::int AS "weeksDoubtful", coalesce(served.rows, 0)::text AS rows, served.data_as_of AS "dataAsOf",
         c.sql_text = '' AS imported, keeper.schedule, c.created_at AS "createdAt", c.created_by AS "createdBy"
       FROM report_data_collections c
       JOIN instances i ON i.id = c.instance_id
       JOIN datasets d ON d.name = c.dataset AND d.version = c.dataset_version
       LEFT JOIN LATERAL (
         SELECT jsonb_object_agg(state, n) AS weeks, sum(out_of_reach) AS out_of_reach, sum(set_aside) AS set_aside FROM (
           SELECT newest.state, count(*) AS n, count(*) FILTER (WHERE ${OUT_OF_REACH}) AS out_of_reach, count(*) FILTER (WHERE ${SET_ASIDE}) AS set_aside
           FROM (SELECT DISTINCT ON (r.week) r.week, r.state, r.error_code FROM week_runs r WHERE r.collection_id = c.id ORDER BY r.week, r.id DESC) newest
           LEFT JOIN report_data_weeks w
             ON w.instance_id = c.instance_id AND w.dataset = c.dataset AND w.dataset_version = c.dataset_version AND w.week = newest.week
           GROUP BY newest.state) counted) runs ON true
       LEFT JOIN LATERAL (
         SELECT sum(w.row_count) AS rows, max(w.collected_at) AS data_as_of, count(w.doubt) AS doubtful FROM report_data_weeks w
         WHERE w.instance_id = c.instance_id AND w.dataset = c.dataset AND w.dataset_version = c.dataset_version
           AND w.week BETWEEN c.first_week AND c.last_week) served ON true
       LEFT JOIN LATERAL (
         SELECT jsonb_build_object('id', CASE WHEN known THEN id::text END, 'name', CASE WHEN known THEN name END, 'state', state) AS schedule
         FROM (SELECT s.id, s.name, s.state, NOT EXISTS (
                 SELECT FROM schedule_collections o JOIN report_data_collections other ON other.id = o.collection_id
                 WHERE o.schedule_id = s.id AND other.instance_id <> ALL ($2::bigint[])) AS known
               FROM schedule_collections m JOIN schedules s ON s.id = m.schedule_id WHERE m.collection_id = c.id) its) keeper ON true
       WHERE c.workspace_id = $1 AND ($2::bigint[] IS NULL OR c.instance_id = ANY ($2)) AND ($3::bigint IS NULL OR c.id = $3)
       ORDER BY c.id DESC`,
    values: [scope.workspaceId, scope.instanceIds, id ?? null],
    ...DEADLINE,
  });
  return rows;
}

export interface WeekView {
  week: IsoDate;
  state: WeekState;
  served: boolean;
  dataVersion: string;
  rows: string;
  attempt: number;
  runId: string;
  executionId: string | null;
  executionStatus: string | null;
  notBefore: Date | null;
  collectedAt: Date | null;
  restatements: string;
  errorCode: string | null;
  errorMessage: string | null;
  errorAt: Date | null;
  doubt: { findings: { rule: string; message: string }[]; note: string } | null;
  notes: { rule: string; message: string }[];
}

/** The weeks of a collection: what is served of each, and what its newest run does. `week` narrows it to one. */
export async function selectWeeks(pool: Pool, collectionId: string, week?: IsoDate): Promise<WeekView[]> {
  const { rows } = await pool.query<WeekView>({
    text: `SELECT r.week::text AS week, r.state, w.accepted_run_id IS NOT NULL AS served, coalesce(w.data_version, 0)::text AS "dataVersion",
         coalesce(w.row_count, 0)::text AS rows, r.attempt, r.id AS "runId", r.execution_id AS "executionId", r.execution_status AS "executionStatus",
         CASE WHEN r.not_before > now() AND r.state IN ('planned', 'creating', 'downloading') THEN r.not_before END AS "notBefore",
         w.collected_at AS "collectedAt",
         (SELECT count(*) FROM week_revisions v
          WHERE v.instance_id = w.instance_id AND v.dataset = w.dataset AND v.dataset_version = w.dataset_version AND v.week = w.week
            AND v.totals_before IS NOT NULL)::text AS restatements,
         w.doubt, r.error_code AS "errorCode", r.error_message AS "errorMessage", r.error_at AS "errorAt",
         coalesce((SELECT d.notes FROM week_runs d
          WHERE d.collection_id = r.collection_id AND d.week = r.week AND d.state = 'done' ORDER BY d.id DESC LIMIT 1), '[]') AS notes
       FROM (SELECT DISTINCT ON (week) * FROM week_runs WHERE collection_id = $1 ORDER BY week, id DESC) r
       JOIN report_data_collections c ON c.id = r.collection_id
       LEFT JOIN report_data_weeks w
         ON w.instance_id = r.instance_id AND w.dataset = c.dataset AND w.dataset_version = c.dataset_version AND w.week = r.week
       WHERE $2::date IS NULL OR r.week = $2
       ORDER BY r.week`,
    values: [collectionId, week ?? null],
    ...DEADLINE,
  });
  return rows;
}
