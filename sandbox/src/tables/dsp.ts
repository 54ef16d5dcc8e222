import { CAMPAIGN_COLUMNS, DEVICE_COLUMNS, pick, PLACE_COLUMNS, SECOND, timeColumns } from './shared-columns.ts';
import { low, medium, metric, USER_ID, veryHigh, type AmcTable, type TableColumn } from './table.ts';
import { TRAFFIC_VISIBLE } from './visibility.ts';

const DIMENSIONS: readonly TableColumn[] = [
  USER_ID,
  ...CAMPAIGN_COLUMNS,
  low('advertiser_id', 'c.dsp_advertiser_id::bigint', 'LONG'),
  low('currency_iso_code', 'c.currency'),
  low('currency_name', `CASE c.currency WHEN 'EUR' THEN 'Euro' ELSE 'United States Dollar' END`),
  low('campaign_flight_id', 'c.campaign_id + 1', 'LONG'),
  low('line_item', `'Line item ' || (1 + (t.draw & 1))`),
  low('line_item_id', 'c.campaign_id * 10 + (t.draw & 1)', 'LONG'),
  low('line_item_type', pick(13, 'AAP_DISPLAY', 'AAP_MOBILE', 'AAP_VIDEO_CPM')),
  low('line_item_status', `'ENABLED'`),
  low('creative', `'Creative ' || (1 + (t.draw & 3))`),
  low('creative_id', 'c.campaign_id * 100 + (t.draw & 3)', 'LONG'),
  low('creative_type', pick(16, 'Image', 'Video', 'Responsive eCommerce')),
  low('creative_size', pick(19, '300x250', '728x90', '320x50')),
  low('supply_source', pick(22, 'Amazon', 'Twitch', 'Third party exchange')),
  low('site', `'site-' || (t.draw & 15) || '.example'`),
  low('deal_id', 'NULL::text'),
  ...DEVICE_COLUMNS,
  ...PLACE_COLUMNS,
  veryHigh('request_tag', 'md5(t.draw::text)'),
];

const FROM = 'sandbox.dsp_traffic t JOIN sandbox.campaign c ON c.key = t.campaign';
const shared = { display: true, from: FROM, time: 't.hour', visible: TRAFFIC_VISIBLE } as const;

export const DSP_IMPRESSIONS: AmcTable = {
  ...shared,
  name: 'dsp_impressions',
  description: 'Impressions and cost of Amazon DSP; costs in millicents, fees in microcents',
  columns: [
    ...DIMENSIONS,
    ...timeColumns('impression', SECOND, 't.hour'),
    metric('impressions', 't.impressions::int'),
    metric('total_cost', 't.cost::numeric', 'DOUBLE'),
    metric('impression_cost', '(t.cost * 0.8)::numeric', 'DOUBLE'),
    metric('supply_cost', 't.cost * 700'),
    metric('audience_fee', 't.cost * 50'),
    metric('platform_fee', 't.cost * 100'),
    metric('third_party_fees', '0::bigint'),
    medium('bid_price', 't.cost * 1000 / t.impressions', 'LONG'),
  ],
};

export const DSP_CLICKS: AmcTable = {
  ...shared,
  name: 'dsp_clicks',
  description: 'Clicks on Amazon DSP ads',
  where: 't.clicks > 0',
  columns: [
    ...DIMENSIONS,
    ...timeColumns('click', SECOND, 't.hour'),
    metric('clicks', 't.clicks::int'),
    medium('click_cost', 't.cost::numeric', 'DOUBLE'),
  ],
};

export const DSP_VIEWS: AmcTable = {
  ...shared,
  name: 'dsp_views',
  description: 'Viewability of Amazon DSP impressions',
  columns: [
    ...DIMENSIONS,
    ...timeColumns('event', SECOND, 't.hour'),
    metric('events', 't.impressions::int'),
    metric('measurable_impressions', '(t.impressions * 9 / 10)::int'),
    metric('viewable_impressions', '(t.impressions * 6 / 10)::int'),
    metric('unmeasurable_viewable_impressions', '(t.impressions / 10)::int'),
  ],
};
