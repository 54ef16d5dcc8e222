import { OFF_AMAZON } from '../dsp/supply.ts';
import { DSP_TABLE, DSP_FROM, REQUEST_TAG } from '../dsp/values.ts';
import { documentedColumns } from '../documented.ts';
import { BELONGS, SEGMENT_ROWS, SEGMENT_VALUES } from '../event-values/segments.ts';
import { SHOWN_AT, timeValues } from '../event-values/time.ts';
import { all, UNFILLED, type AmcTable, type Values } from '../table.ts';
import { ACCOUNT_VALUES } from './account.ts';
import { AD_SERVER_CAMPAIGN_VALUES } from './campaign.ts';
import { AD_SERVER_METRICS } from './metrics.ts';

/** The sandbox's ad server shows display ads; nobody advertises in search engines. */
const SEARCH = all(
  [
    ...['account_id', 'ad', 'ad_click_through_url', 'ad_display_url', 'ad_group', 'ad_group_id', 'ad_id', 'ad_text', 'campaign_id'],
    ...['campaign_type', 'integration', 'keyword_id', 'keyword_text', 'keyword_type', 'match_type', 'vendor'],
  ].map((name) => `search_${name}`),
  UNFILLED,
);

const VALUES: Values = {
  ...ACCOUNT_VALUES,
  ...AD_SERVER_CAMPAIGN_VALUES,
  ...AD_SERVER_METRICS,
  ...SEARCH,
  ...timeValues('event', SHOWN_AT, 't.hour'),
  request_tag: REQUEST_TAG,
  // A visit is what a person does in a day.
  adserver_session_id: `md5(t.user_id::text || t.hour::date)`,
};

/** The ad server counts what Amazon DSP shows on other sites: the same impressions under the same request_tag. */
export const ADSERVER_TRAFFIC: AmcTable = {
  ...DSP_TABLE,
  name: 'adserver_traffic',
  description: 'Impressions, clicks and video events that the ad server counted outside of Amazon',
  where: OFF_AMAZON,
  columns: documentedColumns('adserver_traffic', VALUES),
};

export const ADSERVER_BY_USER_SEGMENTS: AmcTable = {
  ...DSP_TABLE,
  name: 'adserver_traffic_by_user_segments',
  description: 'Traffic of the ad server, once for each segment that the person belongs to',
  from: `${DSP_FROM} JOIN ${SEGMENT_ROWS} ON ${BELONGS}`,
  where: OFF_AMAZON,
  columns: documentedColumns('adserver_traffic_by_user_segments', { ...VALUES, ...SEGMENT_VALUES }),
};
