import { openViews, type Views } from '@amc-reports/test-support/sandbox/views.ts';

let views: Views;
beforeAll(async () => {
  views = await openViews();
});
afterAll(() => views.close());

const WEEK = `hour >= '2026-03-02' AND hour < '2026-03-09'`;

it('the parts of the cost add up to it, in their own units', async () => {
  const view = await views.one(`
    SELECT sum(impressions)::int AS impressions, sum(total_cost)::text AS cost,
      (sum(supply_cost + audience_fee + platform_fee + managed_service_fee + ocm_fee + third_party_fees) / 1000)::bigint::text AS parts,
      count(*) FILTER (WHERE impression_cost > total_cost OR bid_price <= 0)::int AS odd
    FROM amc.dsp_impressions`);
  const base = await views.one<{ impressions: number; cost: string }>(
    `SELECT sum(impressions)::int AS impressions, sum(cost)::text AS cost FROM sandbox.dsp_traffic WHERE ${WEEK}`,
  );
  expect(view).toEqual({ ...base, parts: base.cost, odd: 0 });
});

it('what is told of a campaign is the same in every row, and holds every event of it', async () => {
  const rows = await views.rows(`
    SELECT campaign_id FROM amc.dsp_impressions GROUP BY campaign_id
    HAVING count(DISTINCT (campaign_start_date, campaign_end_date, campaign_budget_amount, campaign_status, campaign_primary_goal, advertiser_id)) > 1
      OR bool_or(impression_dt_utc < line_item_start_date_utc OR line_item_start_date_utc < campaign_start_date_utc)
      OR bool_or(impression_dt_utc > line_item_end_date_utc OR line_item_end_date_utc > campaign_end_date_utc)
      OR sum(DISTINCT line_item_budget_amount) * 2 <> max(campaign_budget_amount)
      OR sum(total_cost) > max(campaign_budget_amount) OR bool_or(campaign_id::text <> campaign_id_string)`);
  expect(rows).toEqual([]);
});

it('campaigns begin before the first month that a history of thirteen can hold', async () => {
  const { latest, campaigns } = await views.one<{ latest: string; campaigns: number }>(
    `SELECT max(campaign_start_date)::text AS latest, count(DISTINCT campaign_id_string)::int AS campaigns FROM amc.conversions_with_relevance`,
  );
  expect(campaigns).toBeGreaterThan(50);
  expect(latest < '2024-02-15').toBe(true);
});

it('a creative belongs to one line item, and has one kind, size and length', async () => {
  const [creatives, items] = await Promise.all([
    views.rows(`
      SELECT creative_id FROM amc.dsp_impressions GROUP BY creative_id
      HAVING count(DISTINCT (line_item_id, creative, creative_type, creative_category, creative_size)) > 1
        OR bool_or((creative_category = 'Video') <> (creative_duration IS NOT NULL))`),
    views.rows(`
      SELECT line_item_id FROM amc.dsp_impressions GROUP BY line_item_id
      HAVING count(DISTINCT (campaign_id, line_item, line_item_type, creative_category)) > 1`),
  ]);
  expect(creatives).toEqual([]);
  expect(items).toEqual([]);
});

it('device, supply and deal fit each other', async () => {
  const { odd, deals, apps } = await views.one<{ odd: number; deals: number; apps: number }>(`
    SELECT count(*) FILTER (WHERE (operating_system IN ('Windows', 'macOS')) <> (device_type = 'PC')
        OR (device_make = 'Roku') <> (operating_system = 'Roku OS') OR (environment_type = 'App') <> (app_bundle IS NOT NULL)
        OR (deal_id IS NULL) <> (deal_name IS NULL) OR (is_amazon_owned AND deal_id IS NOT NULL)
        OR (page_type IS NOT NULL) <> (supply_source = 'AMAZON.COM') OR NOT placement_view_rate BETWEEN 0 AND 1)::int AS odd,
      count(deal_id)::int AS deals, count(app_bundle)::int AS apps
    FROM amc.dsp_impressions`);
  expect(odd).toBe(0);
  expect(deals).toBeGreaterThan(100);
  expect(apps).toBeGreaterThan(100);
});

it('clicks carry the request_tag and the hour of their impression, and follow it', async () => {
  const { clicks, found, before } = await views.one<{ clicks: number; found: number; before: number }>(`
    SELECT count(*)::int AS clicks, count(i.request_tag)::int AS found,
      count(*) FILTER (WHERE k.click_dt_utc < k.impression_dt_utc OR k.impression_dt_utc <> i.impression_dt_utc OR k.creative_id <> i.creative_id)::int AS before
    FROM amc.dsp_clicks k LEFT JOIN amc.dsp_impressions i USING (request_tag)`);
  const base = await views.one<{ rows: number }>(`SELECT count(*)::int AS rows FROM sandbox.dsp_traffic WHERE clicks > 0 AND ${WEEK}`);
  expect({ clicks, found, before }).toEqual({ clicks: base.rows, found: base.rows, before: 0 });
});

it('view events sum to what the impressions give, one kind a row, under the request_tag of the impression', async () => {
  const totals = await views.one(`
    SELECT sum(measurable_impressions)::int AS measurable, sum(viewable_impressions)::int AS viewable,
      sum(unmeasurable_viewable_impressions)::int AS estimated,
      count(*) FILTER (WHERE events <> measurable_impressions + viewable_impressions + unmeasurable_viewable_impressions
        OR (view_definition IS NOT NULL) <> (event_type = 'VIEW'))::int AS odd
    FROM amc.dsp_views`);
  const base = await views.one<object>(`
    SELECT sum(impressions * 9 / 10)::int AS measurable, sum(impressions * 6 / 10)::int AS viewable, sum(impressions / 10)::int AS estimated
    FROM sandbox.dsp_traffic WHERE ${WEEK}`);
  expect(totals).toEqual({ ...base, odd: 0 });
  const types = await views.rows<{ event_type: string }>(`SELECT DISTINCT event_type FROM amc.dsp_views ORDER BY 1`);
  expect(types.map((row) => row.event_type)).toEqual(['MEASURABLE_IMP', 'SYNTHETIC_VIEW', 'UNMEASURABLE_IMP', 'VIEW']);
  const joined = await views.one(`
    SELECT count(*) FILTER (WHERE i.request_tag IS NULL OR v.events > i.impressions OR v.event_dt_utc < i.impression_dt_utc)::int AS odd
    FROM amc.dsp_views v LEFT JOIN amc.dsp_impressions i ON i.request_tag = v.impression_id`);
  expect(joined).toEqual({ odd: 0 });
});

it('films lose viewers from quarter to quarter, and other ads have none', async () => {
  const found = await views.one<Record<string, number>>(`
    SELECT sum(video_impression)::int AS shown, sum(video_start)::int AS started, sum(video_first_quartile)::int AS first,
      sum(video_midpoint)::int AS half, sum(video_third_quartile)::int AS third, sum(video_complete)::int AS complete,
      count(*) FILTER (WHERE NOT video_impression >= video_start OR NOT video_start >= video_first_quartile
        OR NOT video_first_quartile >= video_midpoint OR NOT video_midpoint >= video_third_quartile
        OR NOT video_third_quartile >= video_complete OR video_replay > video_complete
        OR video_resume > video_pause OR video_unmute > video_mute)::int AS odd,
      count(*) FILTER (WHERE creative_category <> 'Video' AND video_impression + video_start + video_click + video_mute <> 0)::int AS still,
      count(*)::int - (SELECT count(*)::int FROM sandbox.dsp_traffic WHERE ${WEEK}) AS missing
    FROM amc.dsp_video_events_feed`);
  const { shown = 0, started = 0, first = 0, half = 0, third = 0, complete = 0, odd, still, missing } = found;
  expect({ odd, still, missing }).toEqual({ odd: 0, still: 0, missing: 0 });
  expect([started / shown, first / started, half / first, third / half, complete / third].every((share) => share > 0.5 && share < 1)).toBe(
    true,
  );
});
