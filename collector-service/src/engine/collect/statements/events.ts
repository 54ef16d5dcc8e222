import type { Pool } from 'pg';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Tx } from '../run.ts';

/** Server-sent events and sleeping workers wake up on it; the payload is the newest event's id. */
export const EVENTS_CHANNEL = 'amc_reports_events';

export interface Change {
  workspaceId: string;
  collectionId: string;
  /** null: the collection itself changed. */
  week: IsoDate | null;
}

/**
 * Writes one event per change and notifies once, in the transaction of the change. Call it last, so that little time passes between
 * an event's id and the commit that makes it visible.
 */
export async function announce(tx: Tx, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.query(
    `WITH written AS (
       INSERT INTO collection_events (workspace_id, collection_id, week, created_at)
       SELECT workspace_id, collection_id, week, clock_timestamp()
       FROM unnest($1::bigint[], $2::bigint[], $3::date[]) AS change (workspace_id, collection_id, week)
       RETURNING id)
     SELECT pg_notify($4, max(id)::text) FROM written`,
    [changes.map((each) => each.workspaceId), changes.map((each) => each.collectionId), changes.map((each) => each.week), EVENTS_CHANNEL],
  );
}

/** Tells sleeping workers that there is something to do, where nothing changed that a person can see. */
export async function wakeWorkers(pool: Pool): Promise<void> {
  await pool.query(`SELECT pg_notify($1, '')`, [EVENTS_CHANNEL]);
}

/** Removes events that nobody will ask to have replayed. */
export async function removeOldEvents(tx: Tx, keepHours: number): Promise<void> {
  await tx.query(`DELETE FROM collection_events WHERE created_at < now() - $1::float8 * interval '1 hour'`, [keepHours]);
}
