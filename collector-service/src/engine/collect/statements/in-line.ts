import type { Pool } from 'pg';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { WindowKind } from '../../../contract/window.ts';
import type { CollectionState } from '../states.ts';
import type { Scope } from '../../../ground/context.ts';

/** The old weeks of a collection that wait for their execution, and the pace of the line they stand in. */
export interface OldWeeksInLine {
  collectionId: string;
  state: CollectionState;
  timeZone: string;
  /** What its dataset collects under each of its weeks. */
  window: WindowKind;
  /** Oldest first; `place` is the run's among all that wait for the instance, from 1. */
  weeks: { week: IsoDate; place: number }[];
  /** Executions the instance may have in flight. */
  slots: number;
  /** How long the instance's weeks take from the request to being served, as a rule (median of the last 20); null when none has been. */
  typicalMs: number | null;
  /** Executions left today (UTC), and on every day after; null where no limit per day is set. */
  leftToday: number | null;
  perDay: number | null;
  /** Until the end of the UTC day. */
  dayEndsInMs: number;
}

/**
 * Runs in line that are older than the horizon, per collection. Claims go by priority, then week: everything that comes before an old
 * week is old itself or more urgent than one, so the rest of the line need not be read to know the places.
 */
export async function selectOldWeeksInLine(pool: Pool, scope: Scope | null, horizon: IsoDate, id?: string): Promise<OldWeeksInLine[]> {
  const { rows } = await pool.query<OldWeeksInLine>({
    text: `
      WITH line AS MATERIALIZED (
        SELECT r.instance_id, r.collection_id, r.week, c.state,
               row_number() OVER (PARTITION BY r.instance_id ORDER BY c.state <> 'running', r.priority, r.week, r.id)::int AS place
        FROM week_runs r JOIN report_data_collections c ON c.id = r.collection_id
        WHERE r.state = 'planned' AND c.state <> 'cancelled'
          AND (r.week < $3 OR r.priority < (SELECT max(o.priority) FROM week_runs o WHERE o.state = 'planned' AND o.week < $3))
          AND ($1::bigint IS NULL OR c.workspace_id = $1) AND ($2::bigint[] IS NULL OR r.instance_id = ANY ($2))
      ), today AS (SELECT (now() AT TIME ZONE 'UTC')::date AS day)
      SELECT old.collection_id AS "collectionId", old.state, i.time_zone AS "timeZone", old.weeks,
             (SELECT d.definition ->> 'window' FROM datasets d WHERE d.name = c.dataset AND d.version = c.dataset_version) AS "window",
             (SELECT greatest(1, count(*))::int FROM instance_slots s WHERE s.instance_id = i.id AND s.slot_no > 0) AS slots,
             (SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM finished_at - create_attempted_at) * 1000)
                FROM (SELECT finished_at, create_attempted_at FROM week_runs d
                       WHERE d.instance_id = i.id AND d.state = 'done' AND d.create_attempted_at IS NOT NULL
                       ORDER BY d.finished_at DESC LIMIT 20) latest)::float8 AS "typicalMs",
             least(coalesce(i.executions_per_day, own.per_day), account.per_day) AS "perDay",
             least(coalesce(i.executions_per_day, own.per_day)
                     - coalesce((SELECT used FROM execution_days d WHERE d.kind = 'instance' AND d.scope = i.id::text AND d.day = today.day), 0),
                   account.per_day
                     - coalesce((SELECT used FROM execution_days d WHERE d.kind = 'account' AND d.scope = i.account_id AND d.day = today.day), 0)
             ) AS "leftToday",
             (extract(epoch FROM (today.day + 1)::timestamp AT TIME ZONE 'UTC' - now()) * 1000)::float8 AS "dayEndsInMs"
      FROM (SELECT collection_id, instance_id, state, json_agg(json_build_object('week', week, 'place', place) ORDER BY week) AS weeks
            FROM line WHERE week < $3 AND ($4::bigint IS NULL OR collection_id = $4)
            GROUP BY collection_id, instance_id, state) old
      JOIN instances i ON i.id = old.instance_id
      JOIN report_data_collections c ON c.id = old.collection_id
      CROSS JOIN today
      LEFT JOIN execution_limits own ON own.kind = 'instance'
      LEFT JOIN execution_limits account ON account.kind = 'account'`,
    values: [scope?.workspaceId ?? null, scope?.instanceIds ?? null, horizon, id ?? null],
    ...DEADLINE,
  });
  return rows;
}

/** A page or a scrape waits for it. */
const DEADLINE = { query_timeout: 10_000 };
