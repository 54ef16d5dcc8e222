import pg from 'pg';
import { findInstance } from '@amc-reports/sandbox/account.ts';
import { DEFAULT_DATABASE } from '@amc-reports/sandbox/database/open.ts';

/**
 * The truth, for tests: totals straight from the base events, past the SQL engine, its views and its privacy filter.
 * Whoever collects from the sandbox must arrive at the same numbers to the cent, rows suppressed or not.
 */
export interface TruthQuery {
  readonly instanceId: string;
  /** Zone in which weeks begin on Monday at midnight. */
  readonly timeZone: string;
  /** Mondays, the first included, the last excluded. */
  readonly fromWeek: string;
  readonly toWeek: string;
  /** Days of other windows than weeks, instead of fromWeek to toWeek: half-open, each told by its first day. */
  readonly windows?: readonly { readonly start: string; readonly end: string }[];
  /**
   * What Amazon knew: the instant of the execution (`asOf` of GET /sandbox/executions; whole hours), one for all weeks or
   * one for each Monday.
   */
  readonly asOf: Date | ReadonlyMap<string, Date>;
}

/** Sums of a week in one currency. Money in currency units, as exact decimal text. */
export interface WeekTruth {
  week: string;
  currency: string;
  impressions: number;
  clicks: number;
  spend: string;
  purchases: number;
  sales: string;
  units: number;
  ntb_purchases: number;
  ntb_sales: string;
  detail_page_views: number;
  add_to_carts: number;
}

/** Distinct people who saw an ad in a week, for each combination of a level. */
export interface ReachTruth {
  week: string;
  advertiser: string | null;
  ad_product: string | null;
  campaign_id: string | null;
  reach: number;
  impressions: number;
}

export type ReachLevel = 'all' | 'advertiser' | 'ad_product' | 'advertiser_ad_product' | 'campaign';

export interface Truth {
  weeks(query: TruthQuery): Promise<WeekTruth[]>;
  reach(query: TruthQuery, level: ReachLevel): Promise<ReachTruth[]>;
  /**
   * Rows of a SELECT, or of CTEs and a SELECT, on what Amazon knew of the weeks: `traffic` (week, currency, advertiser, product, campaign_id,
   * hour, user_id, draw, impressions, clicks, spend) and `conversions` (the same names, traffic_hour; kind 1 is a purchase, 2 a cart, 3 a
   * page view; units, sales_cents, new_to_brand). Hours are UTC, `week` is the window's first day, $1 the zone.
   */
  rows<Row>(query: TruthQuery, select: string): Promise<Row[]>;
  /** (day, campaign) groups of sponsored-ads traffic behind which stand fewer than two people for one of its metrics: what must have been suppressed. */
  thinTrafficGroups(query: TruthQuery): Promise<number>;
  close(): Promise<void>;
}

/** Instants at which each week begins and ends in the zone, and what was known of it. */
const WEEKS = `
  weeks AS (
    SELECT week, (week::timestamp AT TIME ZONE $1) AT TIME ZONE 'UTC' AS starts,
      (until::timestamp AT TIME ZONE $1) AT TIME ZONE 'UTC' AS ends, known AS as_of
    FROM unnest($2::date[], $3::timestamp[], $6::date[]) AS w(week, known, until)
  ),
  campaigns AS (SELECT * FROM sandbox.campaign WHERE advertiser_key = ANY ($4::smallint[]) AND ($5 OR product <> 'amazon_dsp'))`;

/** Within 48 hours of its hour an event is known; how soon is cut from its random number (documented in docs/sandbox.md). */
const KNOWN_TRAFFIC = `(t.hour <= w.as_of - interval '48 hours'
  OR t.hour + interval '1 hour' + interval '48 hours' * power(((t.draw >> 56) & 63)::float8 / 64, 2) <= w.as_of)`;

const TRAFFIC = `
  traffic AS (
    SELECT w.week, c.currency, c.advertiser, c.product, c.campaign_id_string AS campaign_id, t.hour, t.user_id, t.draw, t.impressions, t.clicks,
      t.cost / 100000000::numeric AS spend
    FROM weeks w JOIN sandbox.sponsored_traffic t ON t.hour >= w.starts AND t.hour < w.ends AND ${KNOWN_TRAFFIC}
    JOIN campaigns c ON c.key = t.campaign
    UNION ALL
    SELECT w.week, c.currency, c.advertiser, c.product, c.campaign_id_string, t.hour, t.user_id, t.draw, t.impressions, t.clicks, t.cost / 100000::numeric
    FROM weeks w JOIN sandbox.dsp_traffic t ON t.hour >= w.starts AND t.hour < w.ends AND ${KNOWN_TRAFFIC}
    JOIN campaigns c ON c.key = t.campaign
  )`;

const CONVERSIONS = `
  conversions AS (
    SELECT w.week, c.currency, c.advertiser, c.product, c.campaign_id_string AS campaign_id, v.traffic_hour, v.user_id, v.draw, v.kind,
      v.units, v.sales_cents, v.new_to_brand
    FROM weeks w
    JOIN sandbox.conversion v ON v.traffic_hour >= w.starts AND v.traffic_hour < w.ends
      AND v.visible_at <= w.as_of AND COALESCE(v.gone_at > w.as_of, true)
    JOIN campaigns c ON c.key = v.campaign
  )`;

const WEEK_TOTALS = `
  WITH ${WEEKS}, ${TRAFFIC}, ${CONVERSIONS},
  by_traffic AS (SELECT week, currency, sum(impressions) AS impressions, sum(clicks) AS clicks, sum(spend) AS spend FROM traffic GROUP BY 1, 2),
  by_conversion AS (
    SELECT week, currency, count(*) FILTER (WHERE kind = 1) AS purchases, sum(sales_cents) / 100::numeric AS sales, sum(units) AS units,
      count(*) FILTER (WHERE kind = 1 AND new_to_brand) AS ntb_purchases,
      sum(CASE WHEN new_to_brand THEN sales_cents ELSE 0 END) / 100::numeric AS ntb_sales,
      count(*) FILTER (WHERE kind = 3) AS detail_page_views, count(*) FILTER (WHERE kind = 2) AS add_to_carts
    FROM conversions GROUP BY 1, 2
  )
  SELECT week::text, currency, COALESCE(impressions, 0)::int AS impressions, COALESCE(clicks, 0)::int AS clicks,
    trim_scale(COALESCE(spend, 0))::text AS spend, COALESCE(purchases, 0)::int AS purchases, trim_scale(COALESCE(sales, 0))::text AS sales,
    COALESCE(units, 0)::int AS units, COALESCE(ntb_purchases, 0)::int AS ntb_purchases, trim_scale(COALESCE(ntb_sales, 0))::text AS ntb_sales,
    COALESCE(detail_page_views, 0)::int AS detail_page_views, COALESCE(add_to_carts, 0)::int AS add_to_carts
  FROM by_traffic FULL JOIN by_conversion USING (week, currency) ORDER BY 1, 2`;

const LEVELS: Record<ReachLevel, readonly string[]> = {
  all: [],
  advertiser: ['advertiser'],
  ad_product: ['product'],
  advertiser_ad_product: ['advertiser', 'product'],
  campaign: ['advertiser', 'product', 'campaign_id'],
};

const reachSql = (level: ReachLevel): string => {
  const keys = LEVELS[level];
  const column = (name: string): string => (keys.includes(name) ? name : 'NULL::text');
  return `
    WITH ${WEEKS}, ${TRAFFIC}
    SELECT week::text, ${column('advertiser')} AS advertiser, ${column('product')} AS ad_product, ${column('campaign_id')} AS campaign_id,
      count(DISTINCT user_id)::int AS reach, sum(impressions)::int AS impressions
    FROM traffic WHERE user_id IS NOT NULL GROUP BY ${['week', ...keys].join(', ')} ORDER BY 1, 2, 3, 4`;
};

const THIN_GROUPS = `
  WITH ${WEEKS}, ${TRAFFIC},
  groups AS (
    SELECT count(DISTINCT user_id) AS people, count(DISTINCT user_id) FILTER (WHERE clicks > 0) AS clickers, sum(clicks) AS clicks
    FROM traffic WHERE product <> 'amazon_dsp'
    GROUP BY week, ((hour AT TIME ZONE 'UTC') AT TIME ZONE $1)::date, campaign_id
  )
  SELECT count(*)::int AS count FROM groups WHERE people < 2 OR (clicks > 0 AND clickers < 2)`;

function weeksBetween(fromWeek: string, toWeek: string): { start: string; end: string }[] {
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const weeks: { start: string; end: string }[] = [];
  for (let at = Date.parse(fromWeek); at < Date.parse(toWeek); at += 7 * 86_400_000)
    weeks.push({ start: day(at), end: day(at + 7 * 86_400_000) });
  return weeks;
}

function parameters(query: TruthQuery): unknown[] {
  const instance = findInstance(query.instanceId);
  if (!instance) throw new Error(`The sandbox has no instance ${query.instanceId}`);
  const windows = query.windows ?? weeksBetween(query.fromWeek, query.toWeek);
  const weeks = windows.map(({ start }) => start);
  const known = weeks.map((week) => {
    const instant = query.asOf instanceof Date ? query.asOf : query.asOf.get(week);
    if (!instant) throw new Error(`asOf says nothing of week ${week}`);
    return `${instant.toISOString().slice(0, 13)}:00:00`;
  });
  return [
    query.timeZone,
    weeks,
    known,
    instance.advertisers.map((advertiser) => advertiser.key),
    instance.advertiserTypes.includes('DISPLAY'),
    windows.map(({ end }) => end),
  ];
}

/** @param adminUrl the same superuser's URL that startSandbox got */
export function openTruth(adminUrl: string, databaseName = DEFAULT_DATABASE): Truth {
  const url = new URL(adminUrl);
  url.pathname = `/${databaseName}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 2, application_name: 'amc-sandbox-truth' });
  // The database goes with force at the end, and may cut a connection whose farewell is still on its way.
  pool.on('error', () => undefined);
  return {
    weeks: async (query) => (await pool.query<WeekTruth>(WEEK_TOTALS, parameters(query))).rows,
    reach: async (query, level) => (await pool.query<ReachTruth>(reachSql(level), parameters(query))).rows,
    rows: async <Row>(query: TruthQuery, select: string) =>
      (await pool.query(`WITH ${WEEKS}, ${TRAFFIC}, ${CONVERSIONS}${select.startsWith('SELECT') ? ' ' : ', '}${select}`, parameters(query)))
        .rows as Row[],
    thinTrafficGroups: async (query) => (await pool.query<{ count: number }>(THIN_GROUPS, parameters(query))).rows[0]?.count ?? 0,
    close: () => pool.end(),
  };
}
