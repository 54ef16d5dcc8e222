import type { Pool } from 'pg';
import type { EventKind } from '../../contract/events.ts';
import type { Tx } from '../database.ts';

/** Streams of events and sleeping workers wake up on it; the payload is the newest event's id. */
export const EVENTS_CHANNEL = 'amc_reports_events';

/** Something that changed. What it is now is read from the thing itself. */
export interface Change {
  readonly workspaceId: string;
  /** Whom it concerns: callers who see all of these instances (our ids). None: everybody of the workspace. */
  readonly instanceIds: readonly string[];
  readonly kind: EventKind;
  /** Its id among those of its kind; a week's is '<collection id>/<Monday>'. */
  readonly subject: string;
}

/**
 * Writes one event per change and notifies once, in the transaction of the change. Call it last, so that little time passes between
 * an event's id and the commit that makes it visible.
 */
export async function announce(tx: Tx, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  await tx.query(
    `WITH written AS (
       INSERT INTO outbox (workspace_id, instance_ids, kind, subject, created_at)
       SELECT workspace_id, instance_ids::bigint[], kind, subject, clock_timestamp()
       FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[]) AS change (workspace_id, instance_ids, kind, subject)
       RETURNING id)
     SELECT pg_notify($5, max(id)::text) FROM written`,
    [
      changes.map(({ workspaceId }) => workspaceId),
      // An array of arrays of different lengths is no array to PostgreSQL.
      changes.map(({ instanceIds }) => `{${instanceIds.join(',')}}`),
      changes.map(({ kind }) => kind),
      changes.map(({ subject }) => subject),
      EVENTS_CHANNEL,
    ],
  );
}

/** Tells sleeping workers that there is something to do, where nothing changed that a person can see. */
export async function wakeWorkers(pool: Pool): Promise<void> {
  await pool.query(`SELECT pg_notify($1, '')`, [EVENTS_CHANNEL]);
}

/** Removes events that nobody will ask to have replayed. */
export async function removeOldEvents(tx: Tx, keepHours: number): Promise<void> {
  await tx.query(`DELETE FROM outbox WHERE created_at < now() - $1::float8 * interval '1 hour'`, [keepHours]);
}
