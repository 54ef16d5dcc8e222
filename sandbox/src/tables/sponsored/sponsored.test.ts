import { openViews, type Views } from '@amc-reports/test-support/sandbox/views.ts';

let views: Views;
beforeAll(async () => {
  views = await openViews();
});
afterAll(() => views.close());

const TABLE = 'amc.sponsored_ads_traffic';

it('sums are those of the base table', async () => {
  expect(
    await views.one(
      `SELECT count(DISTINCT event_id)::int AS rows, sum(impressions)::int AS impressions, sum(clicks)::int AS clicks, sum(spend)::text AS spend FROM ${TABLE}`,
    ),
  ).toEqual(
    await views.one(
      `SELECT count(*)::int AS rows, sum(impressions)::int AS impressions, sum(clicks)::int AS clicks, sum(cost)::text AS spend
       FROM sandbox.sponsored_traffic WHERE hour >= '2026-03-02' AND hour < '2026-03-09'`,
    ),
  );
});

it('what is told of a campaign and of an ad group is the same in every row, and holds every event of it', async () => {
  const one = 'campaign_start_date, campaign_end_date, campaign_budget_type, portfolio_id, portfolio_name, ad_product_type, entity_id';
  expect(
    await views.rows(`
      SELECT campaign_id FROM ${TABLE} GROUP BY campaign_id
      HAVING count(DISTINCT (${one})) > 1 OR count(DISTINCT ad_group) > 4
        OR bool_or(event_dt_utc < ad_group_start_dt_utc OR ad_group_start_dt_utc < campaign_start_dt_utc OR event_dt_utc > campaign_end_dt_utc)`),
  ).toEqual([]);
  expect(
    await views.rows(`
      SELECT campaign_id, ad_group FROM ${TABLE} GROUP BY 1, 2
      HAVING count(DISTINCT (ad_group_status, ad_group_start_dt, creative)) > 1
        OR bool_or(line_item <> ad_group OR line_item_status <> ad_group_status OR line_item_start_date <> ad_group_start_dt)`),
  ).toEqual([]);
});

it('films fall from quarter to quarter, and only keywords have a match type and searches a term', async () => {
  const found = await views.one<{ odd: number; matched: number; bids: number }>(`
    SELECT count(*) FILTER (WHERE NOT impressions >= five_sec_views OR NOT video_first_quartile_views >= video_midpoint_views
        OR NOT video_midpoint_views >= video_third_quartile_views OR NOT video_third_quartile_views >= video_complete_views
        OR viewable_impressions > impressions OR (view_definition IS NOT NULL) <> (viewable_impressions > 0)
        OR (match_type IS NOT NULL AND targeting IN ('close-match', 'substitutes', 'category=1055398'))
        OR (customer_search_term IS NOT NULL) <> (ad_product_type IN ('sponsored_products', 'sponsored_brands'))
        OR (creative_asin IS NOT NULL) <> (ad_product_type IN ('sponsored_products', 'sponsored_display')))::int AS odd,
      count(match_type)::int AS matched, count(matched_behavior_segment_ids)::int AS bids
    FROM ${TABLE}`);
  expect(found.odd).toBe(0);
  expect(found.matched).toBeGreaterThan(1000);
  expect(found.bids).toBeGreaterThan(100);
});
