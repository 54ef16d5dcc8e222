import type pg from 'pg';
import { weekAge, type WeekAge } from '../../../ground/calendar/age.ts';
import type { MergeInput, Totals } from './input.ts';

/** What the rules compare a result with, beside the week that is served. */
export interface QualityContext {
  /** Unknown when nobody told the time. */
  age: WeekAge | undefined;
  /** Of the instance, by Amazon's marketplaces or a person's setting; empty when unknown. */
  currencies: string[];
  /** Totals of the nearest served weeks. */
  likeWeeks: Totals[];
  /** Totals of the served week before it, at most DAYS_BEFORE earlier, once it was compared with its neighbours and is not doubtful. */
  previous: Totals | undefined;
  /** What is served of the week is doubtful: odd among its neighbours, and nobody confirmed it. */
  doubtful: boolean;
  /** What a person's rule accepts without being asked: the largest move of a total, as a fraction. */
  maxMove: number | undefined;
}

interface ContextRow {
  timeZone: string;
  currencies: string[];
  maxMove: number | null;
  likeWeeks: Totals[];
  previous: Totals | null;
  doubtful: boolean;
}

/** A year of weeks around: like weeks are looked for no further away. */
const DAYS_AROUND = 182;
/** The week before is the one just before, or the month before of a dataset over months. */
const DAYS_BEFORE = 35;

/**
 * Totals of like weeks come from their newest revisions, so that no facts are read. Weeks on both sides count: a restated week of
 * spring is like those before and after it. The instance's own acceptance rule goes before the workspace's.
 */
export async function readQualityContext(tx: pg.PoolClient, { instanceId, dataset, week, now }: MergeInput): Promise<QualityContext> {
  const { rows } = await tx.query<ContextRow>(
    `SELECT i.time_zone AS "timeZone", i.currencies,
            (SELECT a.max_move FROM acceptance_rules a
              WHERE a.workspace_id = i.workspace_id AND a.dataset = $2 AND (a.instance_id IS NULL OR a.instance_id = i.id)
              ORDER BY a.instance_id NULLS LAST LIMIT 1) AS "maxMove",
            (SELECT coalesce(jsonb_agg(near.totals), '[]') FROM (
               SELECT (SELECT r.totals_after FROM week_revisions r
                        WHERE r.instance_id = w.instance_id AND r.dataset = w.dataset AND r.dataset_version = w.dataset_version AND r.week = w.week
                        ORDER BY r.data_version DESC LIMIT 1) AS totals
                 FROM report_data_weeks w
                WHERE w.instance_id = $1 AND w.dataset = $2 AND w.dataset_version = $3 AND w.week <> $4
                  AND w.week BETWEEN $4::date - ${DAYS_AROUND} AND $4::date + ${DAYS_AROUND} AND w.data_version > 0
                ORDER BY abs(w.week - $4::date), w.week LIMIT $5) AS near
              WHERE near.totals IS NOT NULL) AS "likeWeeks",
            (SELECT (SELECT r.totals_after FROM week_revisions r
                      WHERE r.instance_id = w.instance_id AND r.dataset = w.dataset AND r.dataset_version = w.dataset_version AND r.week = w.week
                      ORDER BY r.data_version DESC LIMIT 1)
               FROM report_data_weeks w
              WHERE w.instance_id = $1 AND w.dataset = $2 AND w.dataset_version = $3 AND w.week < $4 AND w.week >= $4::date - ${DAYS_BEFORE}
                AND w.data_version > 0 AND w.compared_at >= w.collected_at AND w.doubt IS NULL
              ORDER BY w.week DESC LIMIT 1) AS previous,
            EXISTS (SELECT FROM report_data_weeks w
                     WHERE w.instance_id = $1 AND w.dataset = $2 AND w.dataset_version = $3 AND w.week = $4 AND w.doubt IS NOT NULL) AS doubtful
       FROM instances i WHERE i.id = $1`,
    [instanceId, dataset.dataset, dataset.version, week, dataset.quality.jump.weeks],
  );
  const { timeZone, currencies, maxMove, likeWeeks, previous, doubtful } = rows[0]!;
  return {
    age: now && weekAge(week, now, timeZone, dataset.attribution, dataset.window),
    currencies,
    likeWeeks,
    previous: previous ?? undefined,
    doubtful,
    maxMove: maxMove ?? undefined,
  };
}
