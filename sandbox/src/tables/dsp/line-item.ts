import { CAMPAIGN_BUDGET, CAMPAIGN_END, CAMPAIGN_START, DSP_CAMPAIGN_ID } from '../event-values/campaign.ts';
import { drawn, oneOf, text } from '../event-values/draw.ts';
import { momentValues } from '../event-values/time.ts';
import type { Values } from '../table.ts';

/**
 * A campaign has two line items and each line item two creatives. The first line item shows pictures and the second
 * films, except that a campaign for streaming television has films alone.
 */
const NUMBER = drawn('ad', 1);
const CREATIVE = drawn('ad', 2);
const STREAMING = `c.campaign LIKE '%Streaming%'`;
export const IS_VIDEO = `(${NUMBER} = 1 OR ${STREAMING})`;

/** The creatives of a campaign in the order of their numbers: type, category, size and seconds. */
const CREATIVES: readonly (readonly [type: string, category: string, size: string, seconds: string | null])[] = [
  ['Standard Display', 'Display', '300x250', null],
  ['Online Video', 'Video', '1920x1080', '15'],
  ['Responsive eCommerce', 'Display', 'Responsive', null],
  ['Streaming TV Video', 'Video', '1920x1080', '30'],
];
/** Of a campaign for streaming television all four are of the last kind. */
const KIND = `CASE WHEN ${STREAMING} THEN ${CREATIVES.length - 1} ELSE ${CREATIVE} END`;
const field = (index: number): string =>
  oneOf(
    CREATIVES.map((creative) => creative[index] ?? null),
    KIND,
  );

export const CREATIVE_NAME = `'Creative ' || (1 + ${CREATIVE})`;
export const CREATIVE_SECONDS = `(${field(3)})::int`;
export const IS_RESPONSIVE = `${field(0)} = 'Responsive eCommerce'`;
export const IS_STREAMING = `${field(0)} = 'Streaming TV Video'`;

export const PAUSED = `c.key % 4 = 3`;
/** The second line item was added a week after the campaign had begun. */
const LINE_ITEM_START = `${CAMPAIGN_START} + ${NUMBER} * interval '7 days'`;

export const LINE_ITEM_NAME = `'Line item ' || (1 + ${NUMBER}) || CASE WHEN ${IS_VIDEO} THEN ' - Video' ELSE ' - Display' END`;

export const LINE_ITEM_VALUES: Values = {
  line_item: LINE_ITEM_NAME,
  line_item_id: `${DSP_CAMPAIGN_ID} * 10 + ${NUMBER}`,
  line_item_type: `CASE WHEN c.campaign LIKE '%Mobile%' THEN 'AAP_MOBILE' WHEN ${IS_VIDEO} THEN 'AAP_VIDEO_CPM' ELSE 'AAP_DISPLAY' END`,
  line_item_status: `CASE WHEN ${PAUSED} THEN 'PAUSED_BY_USER' ELSE 'RUNNING' END`,
  line_item_price_type: text('CPM'),
  line_item_budget_amount: `${CAMPAIGN_BUDGET} / 2`,
  ...momentValues('line_item_start', LINE_ITEM_START),
  ...momentValues('line_item_end', CAMPAIGN_END),
};

export const CREATIVE_VALUES: Values = {
  creative: CREATIVE_NAME,
  creative_id: `${DSP_CAMPAIGN_ID} * 100 + ${CREATIVE}`,
  creative_type: field(0),
  creative_category: field(1),
  creative_size: field(2),
  creative_duration: field(3),
  creative_is_link_in: `CASE WHEN ${CREATIVE} = 1 THEN 'N' ELSE 'Y' END`,
  ad_slot_size: `CASE WHEN ${IS_VIDEO} THEN '1920x1080' ELSE '300x250' END`,
};
