import { dspCostValues } from '../dsp/cost.ts';
import { DSP_AD_VALUES } from '../dsp/values.ts';
import { CAMPAIGN_VALUES, DSP_CAMPAIGN_ID, DSP_ENTITY, dspOnly, IS_DSP, MARKETPLACE, sponsoredOnly } from '../event-values/campaign.ts';
import { DEVICE_VALUES } from '../event-values/device.ts';
import { PLACE_VALUES } from '../event-values/place.ts';
import { timeValues } from '../event-values/time.ts';
import { SPONSORED_AD_VALUES } from '../sponsored/ad.ts';
import { SPONSORED_EVENT_ID } from '../sponsored/traffic.ts';
import { each, type Values } from '../table.ts';

/** A conversion keeps its ad's random number: what it says of the ad is what the table of traffic says. */
const AD_VALUES: Values = {
  ...each(SPONSORED_AD_VALUES, sponsoredOnly),
  ...each(DSP_AD_VALUES, dspOnly),
};

const LINE_ITEM_TIMES = ['start', 'end'].flatMap((end) => [`line_item_${end}_date`, `line_item_${end}_date_utc`]);

/** Both kinds of ads have these, each its own. */
const eitherKind = (...names: readonly string[]): Values =>
  Object.fromEntries(
    names.map((name) => [name, `CASE WHEN ${IS_DSP} THEN ${DSP_AD_VALUES[name] ?? ''} ELSE ${SPONSORED_AD_VALUES[name] ?? ''} END`]),
  );

/**
 * The cost of the ad stands in the table of traffic alone, where the index on its hour finds it. Looked up only by
 * queries that ask for it.
 */
const COST_VALUES = each(
  dspCostValues('ad'),
  (sql) => `(SELECT ${sql} FROM sandbox.dsp_traffic ad WHERE ad.hour = t.traffic_hour AND ad.draw = t.draw AND ad.campaign = t.campaign)`,
);

/** The ad that earned a conversion. Its time is told by the hour: a conversion may follow within the same one. */
export const TRAFFIC_VALUES: Values = {
  ...AD_VALUES,
  ...eitherKind('line_item', 'line_item_status', 'creative', 'creative_type', ...LINE_ITEM_TIMES),
  ...CAMPAIGN_VALUES,
  // Both kinds of ads are shown to people somewhere, on something.
  ...DEVICE_VALUES,
  ...PLACE_VALUES,
  city_name: dspOnly(PLACE_VALUES.city_name ?? ''),
  ...each(COST_VALUES, dspOnly),
  click_cost: `CASE WHEN ${IS_DSP} AND t.clicked THEN ${COST_VALUES.click_cost ?? ''} END`,
  campaign_id: `CASE WHEN ${IS_DSP} THEN ${DSP_CAMPAIGN_ID} ELSE c.campaign_id END`,
  entity_id: `CASE WHEN ${IS_DSP} THEN ${DSP_ENTITY} ELSE c.entity_id END`,
  // Amazon tells its DSP by leaving this out.
  ad_product_type: sponsoredOnly('c.product'),
  traffic_event_type: `'TRAFFIC'`,
  traffic_event_subtype: `CASE WHEN t.clicked THEN 'AD_CLICK' ELSE 'AD_IMP' END`,
  traffic_event_id: sponsoredOnly(SPONSORED_EVENT_ID),
  traffic_event_marketplace_name: MARKETPLACE,
  ...timeValues('traffic_event', 't.traffic_hour', 't.traffic_hour'),
  ...timeValues('impression', 'CASE WHEN NOT t.clicked THEN t.traffic_hour END'),
  ...timeValues('click', 'CASE WHEN t.clicked THEN t.traffic_hour END'),
};
