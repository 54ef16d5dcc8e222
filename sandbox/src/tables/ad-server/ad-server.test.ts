import { openViews, type Views } from '@amc-reports/test-support/sandbox/views.ts';

let views: Views;
beforeAll(async () => {
  views = await openViews();
});
afterAll(() => views.close());

it('counts what Amazon DSP showed outside of Amazon, found by request_tag', async () => {
  const found = await views.one(`
    SELECT count(*)::int AS rows, sum(a.impressions)::int AS impressions, sum(a.clicks)::int AS clicks,
      count(*) FILTER (WHERE i.request_tag IS NULL OR a.event_dt_utc <> i.impression_dt_utc OR a.user_id <> i.user_id OR a.city <> i.city_name
        OR a.device_type <> i.device_type OR a.adserver_site <> i.supply_source OR a.campaign = i.campaign)::int AS odd
    FROM amc.adserver_traffic a LEFT JOIN amc.dsp_impressions i USING (request_tag)`);
  const dsp = await views.one<object>(`
    SELECT count(*)::int AS rows, sum(impressions)::int AS impressions, (SELECT sum(clicks)::int FROM amc.dsp_clicks WHERE NOT is_amazon_owned) AS clicks
    FROM amc.dsp_impressions WHERE NOT is_amazon_owned`);
  expect(found).toEqual({ ...dsp, odd: 0 });
});

it('parts are never more than their whole, and films fall from quarter to quarter', async () => {
  const parts = ['sivt', 'ssai', 'default_ad', 'hard_stop', 'no_script'];
  const odd = [
    ...parts.flatMap((part) => [`impressions_${part} > impressions`, `clicks_${part} > clicks`]),
    'NOT impressions >= measurable_impressions',
    'NOT measurable_impressions >= recordable_impressions',
    'NOT recordable_impressions >= viewable_impressions',
    'ad_started > impressions',
    'video_started > ad_started',
    'NOT video_started >= video_played_25pc',
    'NOT video_played_25pc >= video_played_50pc',
    'NOT video_played_50pc >= video_played_75pc',
    'NOT video_played_75pc >= video_played_100pc',
    ...[25, 50, 75, 100].map((part) => `video_played_${part}pc_viewable > least(video_played_${part}pc, viewable_impressions)`),
    'video_played_duration > impressions * COALESCE(ad_length, 0)',
    '(video_percentage_complete = 100) <> (video_played_100pc > 0)',
    'video_started <> video_skipped + video_played_100pc',
    'video_unmuted > video_muted',
    '(version_id IS NOT NULL) <> is_dco_ad',
  ];
  const found = await views.one<{ odd: number; films: number; invalid: number }>(`
    SELECT count(*) FILTER (WHERE ${odd.join(' OR ')})::int AS odd, sum(video_played_100pc)::int AS films, sum(impressions_sivt)::int AS invalid
    FROM amc.adserver_traffic`);
  expect(found.odd).toBe(0);
  expect(found.films).toBeGreaterThan(100);
  expect(found.invalid).toBeGreaterThan(0);
});

it('a campaign has one name, brand, package and flight', async () => {
  expect(
    await views.rows(`
      SELECT campaign_id FROM amc.adserver_traffic GROUP BY campaign_id
      HAVING count(DISTINCT (campaign, adserver_brand_id, adserver_brand, package_id, campaign_start_date, campaign_end_date, advertiser_id)) > 1
        OR bool_or(event_date < campaign_start_date OR event_date > campaign_end_date)`),
  ).toEqual([]);
});

it('rows by segment are the traffic’s, once for each segment of the person', async () => {
  expect(
    await views.one(`
      SELECT count(*)::int - (SELECT sum(cardinality(user_behavior_segment_ids))::int FROM amc.dsp_impressions WHERE NOT is_amazon_owned) AS missing,
        count(*) FILTER (WHERE i.request_tag IS NULL OR NOT s.behavior_segment_id = ANY (i.user_behavior_segment_ids))::int AS odd
      FROM amc.adserver_traffic_by_user_segments s LEFT JOIN amc.dsp_impressions i USING (request_tag)`),
  ).toEqual({ missing: 0, odd: 0 });
});

it('conversions have revenue with an order alone, and the brand’s table says the same in whole units', async () => {
  const found = await views.one<{ conversions: number; orders: number; units: number }>(`
    SELECT count(*)::int AS conversions, count(order_id)::int AS orders, sum(quantity)::int AS units,
      count(*) FILTER (WHERE (order_id IS NULL) <> (revenue = 0) OR (conversion_type = 'sales') <> (order_id IS NOT NULL)
        OR (quantity = 0) <> (order_id IS NULL) OR conversions <> 1)::int AS odd
    FROM amc.adserver_conversions`);
  expect(found).toMatchObject({ odd: 0 });
  expect(found.orders).toBeGreaterThan(5);
  expect(found.conversions).toBeGreaterThan(found.orders);
  expect(
    await views.one(`
      SELECT count(*)::int AS conversions, count(b.order_id)::int AS orders, sum(b.quantity)::int AS units,
        count(*) FILTER (WHERE a.conversion_id IS NULL OR abs(a.revenue - b.revenue) > 0.5 OR b.adserver_brand IS NULL)::int AS odd
      FROM amc.adserver_conversions_with_brand b LEFT JOIN amc.adserver_conversions a USING (conversion_id)`),
  ).toEqual(found);
});
