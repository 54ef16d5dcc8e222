import { CAMPAIGN_COLUMNS, DEVICE_COLUMNS, pick, SECOND, timeColumns } from './shared-columns.ts';
import { low, metric, USER_ID, type AmcTable } from './table.ts';
import { TRAFFIC_VISIBLE } from './visibility.ts';

const ifVideo = (sql: string): string => `CASE WHEN c.product IN ('sponsored_brands', 'sponsored_television') THEN ${sql} ELSE 0 END`;

export const SPONSORED_ADS_TRAFFIC: AmcTable = {
  name: 'sponsored_ads_traffic',
  description: 'Impressions, clicks and spend of sponsored ads',
  display: false,
  from: 'sandbox.sponsored_traffic t JOIN sandbox.campaign c ON c.key = t.campaign',
  time: 't.hour',
  visible: TRAFFIC_VISIBLE,
  columns: [
    USER_ID,
    ...CAMPAIGN_COLUMNS,
    ...timeColumns('event', SECOND, 't.hour'),
    low('ad_product_type', 'c.product'),
    low('entity_id', 'c.entity_id'),
    low('currency_iso_code', 'c.currency'),
    low('currency_name', `CASE c.currency WHEN 'EUR' THEN 'Euro' ELSE 'United States Dollar' END`),
    low('campaign_budget_type', `'DAILY_BUDGET'`),
    low('campaign_start_date', `DATE '2024-01-15'`, 'DATE'),
    low('campaign_end_date', 'NULL::date', 'DATE'),
    low('portfolio_id', `'P' || c.advertiser_key`),
    low('portfolio_name', `'Portfolio ' || c.advertiser`),
    low('ad_group', `'Ad group ' || (1 + (t.draw & 3))`),
    low('ad_group_status', `'ENABLED'`),
    low('targeting', pick(13, 'close-match', 'loose-match', 'substitutes', 'complements', 'category=1055398')),
    low('match_type', pick(16, 'EXACT', 'PHRASE', 'BROAD', 'TARGETING_EXPRESSION')),
    low('customer_search_term', `'search term ' || (t.draw & 127)`),
    low('placement_type', pick(19, 'Top of Search on-Amazon', 'Detail Page on-Amazon', 'Other on-Amazon')),
    low('creative_asin', `'B0SANDBX' || lpad((t.campaign % 100)::text, 2, '0')`),
    ...DEVICE_COLUMNS.filter((column) => column.name === 'operating_system'),
    metric('impressions', 't.impressions::int'),
    metric('clicks', 't.clicks::int'),
    metric('spend', 't.cost'),
    metric('viewable_impressions', '(t.impressions * 7 / 10)::int'),
    metric('unmeasurable_viewable_impressions', '(t.impressions / 10)::int'),
    metric('five_sec_views', ifVideo('(t.impressions * 6 / 10)::int')),
    metric('video_first_quartile_views', ifVideo('(t.impressions * 5 / 10)::int')),
    metric('video_midpoint_views', ifVideo('(t.impressions * 4 / 10)::int')),
    metric('video_third_quartile_views', ifVideo('(t.impressions * 3 / 10)::int')),
    metric('video_complete_views', ifVideo('(t.impressions * 2 / 10)::int')),
    metric('video_unmutes', ifVideo('(t.impressions / 10)::int')),
  ],
};
