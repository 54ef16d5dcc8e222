import { DEVICE_VALUES } from '../event-values/device.ts';
import { PERSON_VALUES } from '../event-values/person.ts';
import { PLACE_VALUES } from '../event-values/place.ts';
import { MATCHED_SEGMENT_IDS, USER_SEGMENT_IDS } from '../event-values/segments.ts';
import { SHOWN_AT, timeValues } from '../event-values/time.ts';
import type { Values } from '../table.ts';
import { TRAFFIC_VISIBLE } from '../visibility.ts';
import { DSP_CAMPAIGN_VALUES } from './campaign.ts';
import { dspCostValues } from './cost.ts';
import { CREATIVE_VALUES, LINE_ITEM_VALUES } from './line-item.ts';
import { SUPPLY_VALUES } from './supply.ts';

/** Impressions, clicks, views, video events and the conversions that follow are told by one number: the row's own. */
export const REQUEST_TAG = 'md5(t.draw::text)';

/** What is known of an ad of Amazon DSP by its campaign, its person and its random number alone: conversions carry these too. */
export const DSP_AD_VALUES: Values = {
  ...DSP_CAMPAIGN_VALUES,
  ...LINE_ITEM_VALUES,
  ...CREATIVE_VALUES,
  ...SUPPLY_VALUES,
  ...DEVICE_VALUES,
  ...PLACE_VALUES,
  ...PERSON_VALUES,
  request_tag: REQUEST_TAG,
};

/** Everything of a row of the base table. */
export const DSP_VALUES: Values = {
  ...DSP_AD_VALUES,
  ...dspCostValues('t'),
  ...timeValues('impression', SHOWN_AT, 't.hour'),
  user_behavior_segment_ids: USER_SEGMENT_IDS,
  matched_behavior_segment_ids: MATCHED_SEGMENT_IDS,
  impressions: 't.impressions',
};

export const DSP_FROM = 'sandbox.dsp_traffic t JOIN sandbox.campaign c ON c.key = t.campaign';
export const DSP_TABLE = { display: true, from: DSP_FROM, time: 't.hour', visible: TRAFFIC_VISIBLE } as const;
