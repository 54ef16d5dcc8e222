import { CAMPAIGN_VALUES, DSP_CAMPAIGN_ID, DSP_ENTITY } from '../event-values/campaign.ts';
import { oneOf, text } from '../event-values/draw.ts';
import { UNFILLED, type Values } from '../table.ts';
import { PAUSED } from './line-item.ts';

/** What Amazon DSP tells of a campaign: functions of the campaign alone, whatever row it stands in. */
export const DSP_CAMPAIGN_VALUES: Values = {
  ...CAMPAIGN_VALUES,
  campaign_id: DSP_CAMPAIGN_ID,
  campaign_country: 'c.marketplace',
  campaign_flight_id: `${DSP_CAMPAIGN_ID} + 1`,
  campaign_insertion_order_id: `(600000000 + c.key)::text`,
  campaign_primary_goal: oneOf(['ROAS', 'REACH', 'DPVR', 'CTR', 'COMPLETION_RATE'], 'c.key % 5'),
  campaign_sales_type: text('BILLABLE'),
  campaign_source: UNFILLED,
  campaign_status: `CASE WHEN ${PAUSED} THEN 'PAUSED' ELSE 'RUNNING' END`,
  advertiser_id: 'c.dsp_advertiser_id',
  entity_id: DSP_ENTITY,
  merchant_id: '7000 + c.advertiser_key',
  product_line: oneOf(['Outdoors', 'Home', 'Toys', 'Kitchen'], '(c.advertiser_key - 1)'),
  segment_marketplace_id: `CASE c.marketplace WHEN 'DE' THEN 4 ELSE 1 END`,
  advertiser_account_frequency_group_ids: 'ARRAY[520000 + c.advertiser_key, 530000 + c.key]',
  // The American advertisers belong to one manager account, the German one to none.
  manager_account_frequency_group_ids: `CASE c.marketplace WHEN 'US' THEN ARRAY[510001] END`,
};
