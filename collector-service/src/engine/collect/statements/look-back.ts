import type { Pool } from 'pg';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { factTable } from '../../../data/catalogue/tables.ts';
import type { Totals } from '../../../data/store/merge/input.ts';
import type { Finding } from '../../../data/store/merge/refusal.ts';
import { tableShape } from '../../../data/store/table-shape.ts';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Tx } from '../../../ground/database.ts';

const OPEN = `('planned', 'creating', 'running', 'downloading', 'merging')`;
/** Of a collection c: whether a run of it is in line or under way. */
const AT_WORK = `EXISTS (SELECT FROM week_runs r WHERE r.collection_id = c.id AND r.state IN ${OPEN})`;
/** Of a week w: served by a result that was not yet compared with its neighbours (index report_data_weeks_to_compare). */
const TO_COMPARE = 'w.data_version > 0 AND (w.compared_at IS NULL OR w.compared_at < w.collected_at)';

/** A collection that has nothing in line and weeks to compare; null when there is none. Asked whenever a worker has nothing else to do. */
export async function findCollectionToCompare(pool: Pool): Promise<string | null> {
  const { rows } = await pool.query<{ id: string }>(
    `SELECT c.id::text AS id
       FROM report_data_weeks w
       JOIN report_data_collections c
         ON c.instance_id = w.instance_id AND c.dataset = w.dataset AND c.dataset_version = w.dataset_version
        AND w.week BETWEEN c.first_week AND c.last_week
      WHERE ${TO_COMPARE} AND c.state IN ('running', 'paused') AND NOT ${AT_WORK}
      LIMIT 1`,
  );
  return rows[0]?.id ?? null;
}

export interface CollectionToCompare {
  id: string;
  workspaceId: string;
  instanceId: string;
  dataset: string;
  datasetVersion: number;
  timeZone: string;
  firstWeek: IsoDate;
  lastWeek: IsoDate;
}

/** Takes it for this transaction, as decisions about it do; undefined when another has it, or it is at work again. */
export async function lockCollectionToCompare(tx: Tx, id: string): Promise<CollectionToCompare | undefined> {
  const { rows } = await tx.query<CollectionToCompare>(
    `SELECT c.id::text AS id, c.workspace_id::text AS "workspaceId", c.instance_id::text AS "instanceId", c.dataset,
            c.dataset_version AS "datasetVersion", i.time_zone AS "timeZone", c.first_week::text AS "firstWeek", c.last_week::text AS "lastWeek"
       FROM report_data_collections c JOIN instances i ON i.id = c.instance_id
      WHERE c.id = $1 AND c.state IN ('running', 'paused') AND NOT ${AT_WORK}
      FOR NO KEY UPDATE OF c SKIP LOCKED`,
    [id],
  );
  return rows[0];
}

export interface ComparedWeek {
  week: IsoDate;
  rows: number;
  totals: Totals | null;
  dataVersion: string;
  confirmedVersion: string | null;
  toCompare: boolean;
  doubt: { findings: Finding[]; note: string } | null;
  /** The week's runs that brought a result, by Amazon: one of them was the first. Those that were forgotten are not counted. */
  results: number;
  /** What the run that asked again came to; null when none did, or it was forgotten. */
  again: { state: string; changed: boolean } | null;
  wasAskedAgain: boolean;
  /** A person took what is served although rules objected. */
  overruled: boolean;
}

/** Every served week of the dataset, oldest first; the weeks are locked in that order. */
export async function readComparedWeeks(tx: Tx, { instanceId, dataset, datasetVersion }: CollectionToCompare): Promise<ComparedWeek[]> {
  const { rows } = await tx.query<ComparedWeek>(
    `SELECT w.week::text AS week, w.row_count::float8 AS rows, w.data_version::text AS "dataVersion", w.confirmed_version::text AS "confirmedVersion",
            ${TO_COMPARE} AS "toCompare", w.doubt, w.asked_again_run_id IS NOT NULL AS "wasAskedAgain",
            (SELECT v.totals_after FROM week_revisions v
              WHERE v.instance_id = w.instance_id AND v.dataset = w.dataset AND v.dataset_version = w.dataset_version AND v.week = w.week
              ORDER BY v.data_version DESC LIMIT 1) AS totals,
            (SELECT count(*)::int FROM week_runs r JOIN report_data_collections c ON c.id = r.collection_id
              WHERE r.instance_id = w.instance_id AND c.dataset = w.dataset AND c.dataset_version = w.dataset_version AND r.week = w.week
                AND r.state = 'done' AND r.execution_id IS NOT NULL) AS results,
            (SELECT json_build_object('state', r.state, 'changed', coalesce(r.rows_added + r.rows_changed + r.rows_vanished, 0) > 0)
               FROM week_runs r WHERE r.id = w.asked_again_run_id) AS again,
            EXISTS (SELECT FROM week_runs r WHERE r.id = w.accepted_run_id AND r.overrule) AS overruled
       FROM report_data_weeks w
      WHERE w.instance_id = $1 AND w.dataset = $2 AND w.dataset_version = $3 AND w.data_version > 0
      ORDER BY w.week FOR UPDATE OF w`,
    [instanceId, dataset, datasetVersion],
  );
  return rows;
}

/** Which days of a week have a row, Monday the lowest bit, by week; a week whose days Amazon all hid is not among them. */
export async function readDays(tx: Tx, dataset: Dataset, instanceId: string, from: IsoDate, to: IsoDate): Promise<Map<IsoDate, number>> {
  const { day } = tableShape(dataset);
  if (day === undefined) return new Map();
  const { rows } = await tx.query<{ week: IsoDate; days: number }>(
    `SELECT week::text AS week, bit_or(1 << (${day} - week)) AS days FROM ${factTable(dataset)}
      WHERE instance_id = $1 AND week BETWEEN $2 AND $3 AND ${day} IS NOT NULL GROUP BY week`,
    [instanceId, from, to],
  );
  return new Map(rows.map(({ week, days }) => [week, days]));
}

export interface Doubt {
  week: IsoDate;
  doubt: { findings: readonly Finding[]; note: string } | null;
}

/** What was found about weeks, all in one statement. */
export const writeDoubts = (tx: Tx, { instanceId, dataset, datasetVersion }: CollectionToCompare, doubts: readonly Doubt[]) =>
  tx.query(
    `UPDATE report_data_weeks w SET doubt = d.doubt::jsonb, updated_at = now()
       FROM unnest($4::date[], $5::text[]) AS d (week, doubt)
      WHERE w.instance_id = $1 AND w.dataset = $2 AND w.dataset_version = $3 AND w.week = d.week`,
    [instanceId, dataset, datasetVersion, doubts.map(({ week }) => week), doubts.map(({ doubt }) => doubt && JSON.stringify(doubt))],
  );

/** Every served week of the collection is compared now. The instant is the statement's: a result that was taken before is older. */
export const markCompared = (tx: Tx, { instanceId, dataset, datasetVersion, firstWeek, lastWeek }: CollectionToCompare) =>
  tx.query(
    `UPDATE report_data_weeks SET compared_at = clock_timestamp()
      WHERE instance_id = $1 AND dataset = $2 AND dataset_version = $3 AND week BETWEEN $4 AND $5 AND data_version > 0`,
    [instanceId, dataset, datasetVersion, firstWeek, lastWeek],
  );
