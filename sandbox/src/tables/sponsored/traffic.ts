import { documentedColumns } from '../documented.ts';
import { CAMPAIGN_VALUES, MARKETPLACE } from '../event-values/campaign.ts';
import { DEVICE_VALUES } from '../event-values/device.ts';
import { drawn, oneOf } from '../event-values/draw.ts';
import { PERSON_VALUES } from '../event-values/person.ts';
import { BELONGS, SEGMENT_ROWS, TARGETED } from '../event-values/segments.ts';
import { SHOWN_AT, timeValues } from '../event-values/time.ts';
import type { AmcTable, Values } from '../table.ts';
import { TRAFFIC_VISIBLE } from '../visibility.ts';
import { AD_GROUP_VALUES, SPONSORED_AD_VALUES } from './ad.ts';

/** An event of sponsored ads is told by its row's number, here and in the conversions that follow. */
export const SPONSORED_EVENT_ID = 'md5(t.draw::text)';

/** Films of sponsored brands and television, watched to the end by ever fewer. */
const ifVideo = (sql: string): string => `CASE WHEN c.product IN ('sponsored_brands', 'sponsored_television') THEN ${sql} ELSE 0 END`;

const THEMES = ['Always on', 'Launches', 'Season'];

/** The segment for which a higher bid was made: for one impression in eight, if the person is in one. */
const BID_FOR_SEGMENT = `CASE WHEN ${drawn('slot', 3)} = 0 THEN (SELECT min(s.id)::text FROM ${SEGMENT_ROWS} WHERE ${BELONGS} AND ${TARGETED}) END`;

const METRICS: Values = {
  impressions: 't.impressions',
  clicks: 't.clicks',
  spend: 't.cost',
  viewable_impressions: 't.impressions * 7 / 10',
  unmeasurable_viewable_impressions: 't.impressions / 10',
  five_sec_views: ifVideo('t.impressions * 6 / 10'),
  video_first_quartile_views: ifVideo('t.impressions * 5 / 10'),
  video_midpoint_views: ifVideo('t.impressions * 4 / 10'),
  video_third_quartile_views: ifVideo('t.impressions * 3 / 10'),
  video_complete_views: ifVideo('t.impressions * 2 / 10'),
  video_unmutes: ifVideo('t.impressions / 10'),
};

export const SPONSORED_ADS_TRAFFIC: AmcTable = {
  name: 'sponsored_ads_traffic',
  description: 'Impressions, clicks and spend of sponsored ads; spend in microcents',
  display: false,
  from: 'sandbox.sponsored_traffic t JOIN sandbox.campaign c ON c.key = t.campaign',
  time: 't.hour',
  visible: TRAFFIC_VISIBLE,
  columns: documentedColumns('sponsored_ads_traffic', {
    ...CAMPAIGN_VALUES,
    ...SPONSORED_AD_VALUES,
    ...AD_GROUP_VALUES,
    ...DEVICE_VALUES,
    ...PERSON_VALUES,
    ...METRICS,
    ...timeValues('event', SHOWN_AT, 't.hour'),
    event_id: SPONSORED_EVENT_ID,
    entity_id: 'c.entity_id',
    marketplace_name: MARKETPLACE,
    ad_product_type: 'c.product',
    // Television is bought for the life of a campaign, the rest by the day.
    campaign_budget_type: `CASE c.product WHEN 'sponsored_television' THEN 'LIFETIME_BUDGET' ELSE 'DAILY_BUDGET' END`,
    portfolio_id: '8000 + c.advertiser_key * 10 + c.key % 3',
    portfolio_name: oneOf(THEMES, 'c.key % 3'),
    matched_behavior_segment_ids: BID_FOR_SEGMENT,
    view_definition: `CASE WHEN t.impressions * 7 / 10 > 0 THEN 'MRC' END`,
  }),
};
