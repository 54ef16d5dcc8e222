import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { ErrorCode } from '../../../contract/errors.ts';
import { PRIORITY } from '../priority.ts';
import type { CollectionState } from '../states.ts';
import type { Tx } from '../../../ground/database.ts';

export interface CollectionRow {
  workspaceId: string;
  instanceId: string;
  dataset: string;
  datasetVersion: number;
  name: string;
  firstWeek: IsoDate;
  lastWeek: IsoDate;
  workflowId: string;
  sqlText: string;
  createdBy: string;
}

/** @throws a database error 23P01 when a live collection holds one of the weeks */
export async function insertCollection(tx: Tx, row: CollectionRow): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(
    `INSERT INTO report_data_collections
       (workspace_id, instance_id, dataset, dataset_version, name, first_week, last_week, workflow_id, sql_text, created_by)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id`,
    [
      row.workspaceId,
      row.instanceId,
      row.dataset,
      row.datasetVersion,
      row.name,
      row.firstWeek,
      row.lastWeek,
      row.workflowId,
      row.sqlText,
      row.createdBy,
    ],
  );
  return rows[0]!.id;
}

/** Largest number of week_runs.priority, a smallint. */
const LAST_PRIORITY = 32_767;

/**
 * One row per week of what is served, and one planned run per week. `weeks` are the anchors of the dataset's windows, oldest first.
 * The runs stand behind the instance's backfills that are in line already: of several the first is whole first, instead of all at the end.
 */
export async function insertWeeks(tx: Tx, collectionId: string, row: CollectionRow, weeks: readonly IsoDate[]): Promise<void> {
  await tx.query(
    `INSERT INTO report_data_weeks (instance_id, dataset, dataset_version, week)
     SELECT $1, $2, $3, week FROM unnest($4::date[]) AS week
     ON CONFLICT DO NOTHING`,
    [row.instanceId, row.dataset, row.datasetVersion, weeks],
  );
  await tx.query(
    `INSERT INTO week_runs (collection_id, instance_id, week, priority)
     SELECT $1, $2, week, least($5::int, coalesce((
         SELECT max(r.priority) + 1 FROM week_runs r WHERE r.instance_id = $2 AND r.state = 'planned' AND r.priority >= $4), $4))
     FROM unnest($3::date[]) AS week ORDER BY week`,
    [collectionId, row.instanceId, weeks, PRIORITY.backfill, LAST_PRIORITY],
  );
}

export interface Overlap {
  id: string;
  name: string;
  state: CollectionState;
  firstWeek: IsoDate;
  lastWeek: IsoDate;
}

/** The live collection that already holds one of the weeks, oldest first; of the dataset's version unless any will do. */
export async function findOverlap(
  tx: Tx,
  row: Pick<CollectionRow, 'instanceId' | 'dataset' | 'datasetVersion' | 'firstWeek' | 'lastWeek'>,
  { anyVersion = false } = {},
): Promise<Overlap | undefined> {
  const { rows } = await tx.query<Overlap>(
    `SELECT id, name, state, first_week::text AS "firstWeek", last_week::text AS "lastWeek"
     FROM report_data_collections
     WHERE instance_id = $1 AND dataset = $2 AND (dataset_version = $3 OR $6) AND state <> 'cancelled'
       AND daterange(first_week, last_week, '[]') && daterange($4::date, $5::date, '[]')
     ORDER BY first_week LIMIT 1`,
    [row.instanceId, row.dataset, row.datasetVersion, row.firstWeek, row.lastWeek, anyVersion],
  );
  return rows[0];
}

/** The newest collection of that name, whatever its state and version: a new version is a person's decision, not a start's. */
export async function findByName(tx: Tx, row: Pick<CollectionRow, 'instanceId' | 'dataset' | 'name'>): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    `SELECT id FROM report_data_collections WHERE instance_id = $1 AND dataset = $2 AND name = $3 ORDER BY id DESC LIMIT 1`,
    [row.instanceId, row.dataset, row.name],
  );
  return rows[0]?.id;
}

/** In the order of their ids, so that two transactions that take several never wait for each other. */
export async function lockCollections(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await tx.query('SELECT FROM report_data_collections WHERE id = ANY ($1) ORDER BY id FOR NO KEY UPDATE', [ids]);
}

/** Why a collection is stopped. */
export interface StopReason {
  code: ErrorCode;
  message: string;
}

/** A person or Amazon decided about a collection. Only from the states given; returns whether it was in one of them. */
export async function changeState(
  tx: Tx,
  id: string,
  from: readonly CollectionState[],
  to: CollectionState,
  stop: StopReason | null,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE report_data_collections SET state = $3, stop_reason = $4, stop_code = $5, stopped_at = CASE WHEN $3 = 'stopped' THEN now() END, updated_at = now(),
       validate_after = CASE WHEN $3 = 'running' THEN '-infinity' ELSE validate_after END
     WHERE id = $1 AND state = ANY ($2)`,
    [id, from, to, stop?.message ?? null, stop?.code ?? null],
  );
  return rowCount === 1;
}
