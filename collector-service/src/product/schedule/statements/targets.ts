import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { CollectionState, WeekState } from '../../../engine/collect/states.ts';
import type { Tx } from '../../../ground/database.ts';

/** A collection of a schedule, as a tick finds it. */
export interface Target {
  id: string;
  name: string;
  workspaceId: string;
  instanceId: string;
  timeZone: string;
  dataset: string;
  datasetVersion: number;
  state: CollectionState;
  stopReason: string | null;
  /** It runs, or is stopped and goes on by itself when Amazon agrees: what is planned waits for that. */
  live: boolean;
  firstWeek: IsoDate;
  lastWeek: IsoDate;
  /** The live collection of the same dataset and instance that comes next, if there is one: it holds the weeks from there on. */
  nextId: string | null;
  nextName: string | null;
  nextFirstWeek: IsoDate | null;
}

/**
 * The collections of a schedule, locked in the order of their ids, so that no person's decision and no other plan comes between.
 * NO KEY UPDATE: workers that write events about them (a foreign key) need not wait.
 */
export async function lockTargets(tx: Tx, scheduleId: string): Promise<Target[]> {
  const { rows } = await tx.query<Target>(
    `SELECT c.id, c.name, c.workspace_id AS "workspaceId", c.instance_id AS "instanceId", i.time_zone AS "timeZone",
            c.dataset, c.dataset_version AS "datasetVersion", c.state, c.stop_reason AS "stopReason",
            c.state = 'running' OR (c.state = 'stopped' AND EXISTS (SELECT FROM collection_refusals f WHERE f.collection_id = c.id)) AS live,
            c.first_week::text AS "firstWeek", c.last_week::text AS "lastWeek",
            following.id AS "nextId", following.name AS "nextName", following.first_week::text AS "nextFirstWeek"
     FROM schedule_collections m
     JOIN report_data_collections c ON c.id = m.collection_id
     JOIN instances i ON i.id = c.instance_id
     LEFT JOIN LATERAL (
       SELECT n.id, n.name, n.first_week FROM report_data_collections n
       WHERE n.instance_id = c.instance_id AND n.dataset = c.dataset AND n.dataset_version = c.dataset_version
         AND n.state <> 'cancelled' AND n.first_week > c.last_week
       ORDER BY n.first_week LIMIT 1) following ON true
     WHERE m.schedule_id = $1
     ORDER BY c.id
     FOR NO KEY UPDATE OF c`,
    [scheduleId],
  );
  return rows;
}

/** What is known of a week: what is served, and what its newest run does. */
export interface WeekFact {
  collectionId: string;
  week: IsoDate;
  state: WeekState;
  served: boolean;
  /** When Amazon was last asked for it with a result, also one that was held and set aside (database clock). */
  collectedAt: Date | null;
  /** Waits for then after a refusal (differencing protection, throttling); null otherwise. */
  parkedUntil: Date | null;
  errorMessage: string | null;
  /** A result of the week waits for a person. */
  held: boolean;
}

/** The weeks of collections from a Monday on. A held run whose record is missing counts as undecided. */
export async function readWeekFacts(tx: Tx, collectionIds: readonly string[], from: IsoDate): Promise<WeekFact[]> {
  const { rows } = await tx.query<WeekFact>(
    `SELECT r.collection_id AS "collectionId", r.week::text AS week, r.state, w.accepted_run_id IS NOT NULL AS served,
            greatest(w.collected_at, CASE WHEN r.state IN ('done', 'held', 'skipped') THEN r.finished_at END) AS "collectedAt",
            CASE WHEN r.state = 'planned' AND r.not_before > now() AND r.error_code IS NOT NULL THEN r.not_before END AS "parkedUntil",
            r.error_message AS "errorMessage",
            coalesce(waiting.held, false) OR (r.state = 'held' AND NOT EXISTS (SELECT FROM held_runs h WHERE h.run_id = r.id)) AS held
     FROM (SELECT DISTINCT ON (collection_id, week) * FROM week_runs
           WHERE collection_id = ANY ($1) AND week >= $2 ORDER BY collection_id, week, id DESC) r
     JOIN report_data_collections c ON c.id = r.collection_id
     LEFT JOIN report_data_weeks w
       ON w.instance_id = c.instance_id AND w.dataset = c.dataset AND w.dataset_version = c.dataset_version AND w.week = r.week
     LEFT JOIN (SELECT o.collection_id, o.week, true AS held FROM held_runs h JOIN week_runs o ON o.id = h.run_id
                WHERE h.decision IS NULL AND o.collection_id = ANY ($1) GROUP BY o.collection_id, o.week) waiting
       ON waiting.collection_id = r.collection_id AND waiting.week = r.week
     ORDER BY r.collection_id, r.week`,
    [collectionIds, from],
  );
  return rows;
}
