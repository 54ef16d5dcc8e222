import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { SkippedWeek, TICK_KINDS } from '../../../contract/schedule-ticks.ts';
import type { Tx } from '../../../ground/database.ts';

export interface Occasion {
  kind: (typeof TICK_KINDS)[number];
  /** The newest time it was due, or now when a person asks. */
  dueAt: Date;
  /** Due times that had passed unnoticed, made up for by this tick. */
  missed: number;
  deep: boolean;
  askedBy: string;
}

/** @throws a database error 23505 when the due time has had its tick */
export async function insertTick(tx: Tx, scheduleId: string, occasion: Occasion): Promise<string> {
  const { rows } = await tx.query<{ id: string }>(
    'INSERT INTO schedule_ticks (schedule_id, kind, due_at, missed, deep, asked_by) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id',
    [scheduleId, occasion.kind, occasion.dueAt, occasion.missed, occasion.deep, occasion.askedBy],
  );
  return rows[0]!.id;
}

/** What a tick decided about a collection. */
export interface TickResult {
  collectionId: string;
  added: readonly IsoDate[];
  restated: readonly IsoDate[];
  retried: readonly IsoDate[];
  skipped: readonly SkippedWeek[];
  note: string | null;
}

/** As one JSON array, because unnest() would flatten the lists of weeks. */
export async function insertResults(tx: Tx, tickId: string, results: readonly TickResult[]): Promise<void> {
  await tx.query(
    `INSERT INTO schedule_tick_results (tick_id, collection_id, added, restated, retried, skipped, note)
     SELECT $1, (r->>'collectionId')::bigint,
            ARRAY(SELECT jsonb_array_elements_text(r->'added')::date), ARRAY(SELECT jsonb_array_elements_text(r->'restated')::date),
            ARRAY(SELECT jsonb_array_elements_text(r->'retried')::date), r->'skipped', r->>'note'
     FROM jsonb_array_elements($2::jsonb) AS r`,
    [tickId, JSON.stringify(results)],
  );
}

/** History is kept for as long as Amazon keeps its data. */
export const removeOldTicks = (tx: Tx, scheduleId: string) =>
  tx.query(`DELETE FROM schedule_ticks WHERE schedule_id = $1 AND ticked_at < now() - interval '13 months'`, [scheduleId]);
