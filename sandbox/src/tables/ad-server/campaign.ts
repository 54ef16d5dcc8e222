import {
  CREATIVE_NAME,
  CREATIVE_SECONDS,
  CREATIVE_VALUES,
  IS_RESPONSIVE,
  IS_STREAMING,
  IS_VIDEO,
  LINE_ITEM_NAME,
} from '../dsp/line-item.ts';
import { SUPPLY_VALUES } from '../dsp/supply.ts';
import { CAMPAIGN_END, CAMPAIGN_START } from '../event-values/campaign.ts';
import { drawn, oneOf, text } from '../event-values/draw.ts';
import { momentValues } from '../event-values/time.ts';
import type { Values } from '../table.ts';

const PLACEMENT = drawn('ad', 1);
const AD = drawn('ad', 2);
const dynamicOnly = (sql: string): string => `CASE WHEN ${IS_RESPONSIVE} THEN ${sql} END`;

/** The ad server's plan of what Amazon DSP shows outside of Amazon: campaigns of its own names, with a placement for each line item. */
export const AD_SERVER_CAMPAIGN_VALUES: Values = {
  campaign: `${oneOf(['Off-site always on', 'Publisher direct', 'Reach the open web'], 'c.key % 3')} || ' ' || c.key`,
  campaign_id: '63000 + c.key',
  campaign_type: text('display'),
  ...momentValues('campaign_start', CAMPAIGN_START),
  ...momentValues('campaign_end', CAMPAIGN_END),
  package: `'Package ' || c.key`,
  package_id: '64000 + c.key',
  ...momentValues('package_start', CAMPAIGN_START),
  ...momentValues('package_end', CAMPAIGN_END),
  placement: LINE_ITEM_NAME,
  placement_id: `650000 + c.key * 10 + ${PLACEMENT}`,
  placement_type: `CASE WHEN ${IS_VIDEO} THEN 'in-stream video tracking' ELSE 'in-banner' END`,
  placement_dimensions: CREATIVE_VALUES.ad_slot_size ?? '',
  ...momentValues('placement_start', CAMPAIGN_START),
  ...momentValues('placement_end', CAMPAIGN_END),
  cost_model_type: text('CPM'),
  cost_per_unit: `(3 + c.key % 5)::text || '.50'`,
  ordered_units: '(1 + c.key % 9) * 1000000',
  adserver_site: SUPPLY_VALUES.supply_source ?? '',
  section: `'Section ' || (1 + ${drawn('slot', 2)})`,
  section_id: `66000 + ${drawn('slot', 2)}`,
  ad: CREATIVE_NAME,
  ad_id: `6700000 + c.key * 10 + ${AD}`,
  ad_format: `CASE WHEN ${IS_STREAMING} THEN 'connected TV' WHEN ${IS_VIDEO} THEN 'in-stream video' ELSE 'in-banner' END`,
  ad_length: CREATIVE_SECONDS,
  ad_size: `(80 + 40 * ${AD})::text`,
  // Ads that are put together for the person: versions for audiences.
  is_dco_ad: IS_RESPONSIVE,
  version_id: dynamicOnly(`68000 + ${drawn('site', 2)}`),
  version_name: dynamicOnly(`'Version ' || (1 + ${drawn('site', 2)})`),
  smart_items_list: dynamicOnly(text('headline, picture, button')),
  target_audience_id: dynamicOnly(`69000 + ${drawn('site', 1)}`),
  target_audience_name: dynamicOnly(oneOf(['New customers', 'Past buyers'], drawn('site', 1))),
};
