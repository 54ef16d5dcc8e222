import { openViews, type Views } from '@amc-reports/test-support/sandbox/views.ts';

let views: Views;
beforeAll(async () => {
  views = await openViews();
});
afterAll(() => views.close());

const TABLE = 'amc.amazon_attributed_events_by_traffic_time';
/** The tables of traffic have rows until two days before now, and those of conversions until their week's end. */
const BASE = `sandbox.conversion WHERE traffic_hour >= '2026-03-02' AND traffic_hour < '2026-03-09'
  AND visible_at <= '2026-03-20 12:00' AND (gone_at IS NULL OR gone_at > '2026-03-20 12:00')`;

const FAMILIES: [own: string, total: string, halo: string][] = [
  ['purchases', 'total_purchases', 'brand_halo_purchases'],
  ['product_sales', 'total_product_sales', 'brand_halo_product_sales'],
  ['units_sold', 'total_units_sold', 'brand_halo_units_sold'],
  ['add_to_cart', 'total_add_to_cart', 'brand_halo_add_to_cart'],
  ['detail_page_view', 'total_detail_page_view', 'brand_halo_detail_page_view'],
  ['new_to_brand_purchases', 'new_to_brand_total_purchases', 'new_to_brand_brand_halo_purchases'],
  ['new_to_brand_product_sales', 'new_to_brand_total_product_sales', 'new_to_brand_brand_halo_product_sales'],
  ['new_to_brand_units_sold', 'new_to_brand_total_units_sold', 'new_to_brand_brand_halo_units_sold'],
];

it('totals are the promoted product and the brand’s others, and clicks and views make up each', async () => {
  const odd = FAMILIES.flatMap(([own, total, halo]) => [
    `${total} <> ${own} + ${halo}`,
    ...[own, total, halo].map((name) => `${name} <> ${name}_clicks + ${name}_views`),
    ...['_clicks', '_views'].map((ending) => `${total}${ending} <> ${own}${ending} + ${halo}${ending}`),
  ]);
  expect(await views.one(`SELECT count(*) FILTER (WHERE ${odd.join(' OR ')})::int AS odd FROM ${TABLE}`)).toEqual({ odd: 0 });
});

it('sums are those of the base table, split as there', async () => {
  const found = await views.one(`
    SELECT count(*)::int AS conversions, sum(total_purchases)::int AS purchases, sum(total_product_sales)::text AS sales,
      sum(brand_halo_units_sold)::int AS halo_units, sum(new_to_brand_total_product_sales_clicks)::text AS new_sales_clicked,
      sum(add_to_cart_views)::int AS carts_seen, sum(combined_sales - off_amazon_product_sales)::text AS combined
    FROM ${TABLE}`);
  const base = await views.one<{ sales: string }>(`
    SELECT count(*)::int AS conversions, count(*) FILTER (WHERE kind = 1)::int AS purchases, (sum(sales_cents)::numeric(38, 4) / 100)::numeric(38, 4)::text AS sales,
      sum(units) FILTER (WHERE halo)::int AS halo_units,
      (sum(sales_cents) FILTER (WHERE clicked AND new_to_brand)::numeric / 100)::numeric(38, 4)::text AS new_sales_clicked,
      count(*) FILTER (WHERE kind = 2 AND NOT clicked AND NOT halo)::int AS carts_seen
    FROM ${BASE}`);
  expect(found).toEqual({ ...base, combined: base.sales });
});

it('only purchases are new to the brand, and only they have an ASIN, a price and a shop', async () => {
  const found = await views.one<{ odd: number; fresh: number }>(`
    SELECT count(*) FILTER (WHERE conversion_event_category <> 'purchase' AND (new_to_brand OR purchase_unit_price <> 0)
        OR (conversion_event_category = 'purchase') <> (tracked_asin IS NOT NULL) OR (tracked_asin IS NULL) <> (purchase_retail_program IS NULL)
        OR tracked_item IS NULL OR tracked_item <> COALESCE(tracked_asin, tracked_item) OR length(tracked_item) <> 10
        OR abs(purchase_unit_price * total_units_sold - total_product_sales) > 0.001)::int AS odd,
      count(*) FILTER (WHERE new_to_brand)::int AS fresh
    FROM ${TABLE}`);
  expect(found.odd).toBe(0);
  expect(found.fresh).toBeGreaterThan(20);
});

it('Amazon DSP has no product type, and each kind of ad only what it has', async () => {
  const [sponsored, dsp] = await views.rows<{ rows: number; odd: number }>(`
    SELECT count(*)::int AS rows, count(*) FILTER (WHERE CASE WHEN ad_product_type IS NULL
      THEN traffic_event_id IS NOT NULL OR request_tag IS NULL OR advertiser_id IS NULL OR line_item_id IS NULL OR targeting IS NOT NULL OR creative IS NULL
      ELSE traffic_event_id IS NULL OR request_tag IS NOT NULL OR advertiser_id IS NOT NULL OR line_item_id IS NOT NULL OR targeting IS NULL OR supply_cost IS NOT NULL END
      OR line_item IS NULL OR line_item_start_date IS NULL)::int AS odd
    FROM ${TABLE} GROUP BY ad_product_type IS NULL ORDER BY ad_product_type IS NULL`);
  expect([sponsored?.odd, dsp?.odd]).toEqual([0, 0]);
  expect(Math.min(sponsored?.rows ?? 0, dsp?.rows ?? 0)).toBeGreaterThan(100);
});

it('a conversion finds its ad by request_tag or event id, with the same hour, campaign, ad, device and cost', async () => {
  const dsp = await views.one<{ rows: number }>(`
    SELECT count(*)::int AS rows, count(i.request_tag)::int AS found, count(*) FILTER (WHERE a.campaign_id_string <> i.campaign_id_string
      OR a.creative_id <> i.creative_id OR a.line_item <> i.line_item OR a.site <> i.site OR a.device_model <> i.device_model
      OR a.user_id <> i.user_id OR a.postal_code <> i.postal_code OR a.traffic_event_dt_hour_utc <> i.impression_dt_hour_utc
      OR a.supply_cost <> i.supply_cost OR a.bid_price <> i.bid_price OR a.audience_fee IS NULL OR a.platform_fee <> i.platform_fee
      OR (a.clicks = 1 AND a.click_cost <> i.total_cost))::int AS odd
    FROM ${TABLE} a LEFT JOIN amc.dsp_impressions i USING (request_tag) WHERE a.ad_product_type IS NULL`);
  expect(dsp).toEqual({ rows: dsp.rows, found: dsp.rows, odd: 0 });
  const sponsored = await views.one<{ rows: number }>(`
    SELECT count(*)::int AS rows, count(s.event_id)::int AS found, count(*) FILTER (WHERE a.campaign_id_string <> s.campaign_id_string
      OR a.ad_product_type <> s.ad_product_type OR a.line_item <> s.ad_group OR a.targeting <> s.targeting OR a.match_type <> s.match_type
      OR a.customer_search_term <> s.customer_search_term OR a.creative IS DISTINCT FROM s.creative
      OR a.placement_type <> s.placement_type OR a.operating_system <> s.operating_system
      OR a.user_id <> s.user_id OR a.traffic_event_dt_hour_utc <> s.event_dt_hour_utc OR (a.clicks = 1 AND s.clicks = 0))::int AS odd
    FROM ${TABLE} a LEFT JOIN amc.sponsored_ads_traffic s ON s.event_id = a.traffic_event_id WHERE a.ad_product_type IS NOT NULL`);
  expect(sponsored).toEqual({ rows: sponsored.rows, found: sponsored.rows, odd: 0 });
});

it('a conversion by a click has the click’s time, one by an impression the impression’s, never after itself', async () => {
  expect(
    await views.one(`
      SELECT count(*) FILTER (WHERE clicks + impressions <> 1 OR (clicks = 1) <> (click_dt_utc IS NOT NULL)
        OR (impressions = 1) <> (impression_dt_utc IS NOT NULL) OR COALESCE(click_dt_utc, impression_dt_utc) <> traffic_event_dt_utc
        OR traffic_event_dt_utc > conversion_event_dt_utc OR (traffic_event_subtype = 'AD_CLICK') <> (clicks = 1))::int AS odd
      FROM ${TABLE}`),
  ).toEqual({ odd: 0 });
});
