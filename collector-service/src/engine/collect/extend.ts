import type { IsoDate } from '../../ground/calendar/week.ts';
import type { Tx } from '../../ground/database.ts';

/** Weeks that a live collection grows by, at its end. Its SQL and workflow stay, so the new weeks run the very same query. */
export interface Extension {
  collectionId: string;
  /** Mondays, oldest first, all after its last week. */
  weeks: readonly IsoDate[];
}

/**
 * Moves the ends of collections, and gives every new week its row of what is served. Many collections in two statements. The caller
 * holds the collections' locks and has seen that no other collection is in the way.
 * @throws a database error 23P01 when one has come in the way since (the exclusion constraint decides)
 */
export async function extendCollections(tx: Tx, extensions: readonly Extension[]): Promise<void> {
  if (extensions.length === 0) return;
  await tx.query(
    `UPDATE report_data_collections c SET last_week = e.last_week, updated_at = now()
     FROM unnest($1::bigint[], $2::date[]) AS e (id, last_week) WHERE c.id = e.id`,
    [extensions.map(({ collectionId }) => collectionId), extensions.map(({ weeks }) => weeks.at(-1)!)],
  );
  const weeks = extensions.flatMap(({ collectionId, weeks: own }) => own.map((week) => ({ collectionId, week })));
  await tx.query(
    `INSERT INTO report_data_weeks (instance_id, dataset, dataset_version, week)
     SELECT c.instance_id, c.dataset, c.dataset_version, w.week
     FROM unnest($1::bigint[], $2::date[]) AS w (collection_id, week) JOIN report_data_collections c ON c.id = w.collection_id
     ON CONFLICT DO NOTHING`,
    [weeks.map(({ collectionId }) => collectionId), weeks.map(({ week }) => week)],
  );
}

/** Amazon no longer has them: on record, so that nobody waits for them. */
export async function recordTooOld(tx: Tx, weeks: readonly { collectionId: string; week: IsoDate }[], tickId: string): Promise<void> {
  if (weeks.length === 0) return;
  await tx.query(
    `INSERT INTO week_runs (collection_id, instance_id, week, tick_id, state, finished_at, error_code, error_message, error_at)
     SELECT c.id, c.instance_id, w.week, $3, 'skipped', now(), 'week_out_of_range', 'Amazon keeps 13 months, and the week was older when it was planned.', now()
     FROM unnest($1::bigint[], $2::date[]) AS w (collection_id, week) JOIN report_data_collections c ON c.id = w.collection_id`,
    [weeks.map(({ collectionId }) => collectionId), weeks.map(({ week }) => week), tickId],
  );
}

export interface TickRun {
  collectionId: string;
  week: IsoDate;
  /** Milliseconds from now. */
  delayMs: number;
}

/**
 * Plans runs of a tick. A week that has an open run keeps it and gets no second one (unique index week_runs_one_open).
 * @returns the runs that were planned
 */
export async function planTickRuns(
  tx: Tx,
  tickId: string,
  priority: number,
  runs: readonly TickRun[],
): Promise<{ collectionId: string; week: IsoDate }[]> {
  if (runs.length === 0) return [];
  const { rows } = await tx.query<{ collectionId: string; week: IsoDate }>(
    `INSERT INTO week_runs (collection_id, instance_id, week, tick_id, priority, not_before)
     SELECT c.id, c.instance_id, w.week, $4, $5, now() + w.delay * interval '1 ms'
     FROM unnest($1::bigint[], $2::date[], $3::float8[]) AS w (collection_id, week, delay)
     JOIN report_data_collections c ON c.id = w.collection_id
     ORDER BY w.week
     ON CONFLICT (collection_id, week) WHERE state IN ('planned', 'creating', 'running', 'downloading', 'merging') DO NOTHING
     RETURNING collection_id AS "collectionId", week::text AS week`,
    [runs.map(({ collectionId }) => collectionId), runs.map(({ week }) => week), runs.map(({ delayMs }) => delayMs), tickId, priority],
  );
  return rows;
}
