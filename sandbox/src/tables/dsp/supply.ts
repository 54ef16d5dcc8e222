import { drawn, oneOf, pick, text } from '../event-values/draw.ts';
import { IN_APP } from '../event-values/device.ts';
import { UNFILLED, type Values } from '../table.ts';

/** Where space for ads is bought: name, site where it is one, and the share of its impressions that are seen. */
const SOURCES: readonly (readonly [name: string, site: string | null, viewRate: number])[] = [
  ['AMAZON.COM', 'amazon.com', 0.71],
  ['TWITCH WEB VIDEO', 'twitch.tv', 0.78],
  ['IMDB.COM', 'imdb.com', 0.66],
  ['HARBOUR EXCHANGE WEB DISPLAY', null, 0.58],
  ['HARBOUR EXCHANGE WEB VIDEO', null, 0.63],
  ['SUMMIT SSP APP', null, 0.52],
  ['PREMIUM PUBLISHERS', null, 0.69],
  ['PUBLIC CITY SCREENS', null, 0.4],
];
/** The first are Amazon's own. */
const OWNED = 3;
/** Bought by agreement with the publisher, not in an auction. */
const BY_DEAL = SOURCES.length - 2;
/** Nobody measures there what is seen. */
const UNMEASURED = SOURCES.length - 1;

const SOURCE = drawn('supply', 3);
const VIEW_RATE = oneOf(
  SOURCES.map(([, , rate]) => String(rate)),
  SOURCE,
);
export const OFF_AMAZON = `${SOURCE} >= ${OWNED}`;
export const SITE = `COALESCE(${oneOf(
  SOURCES.map(([, site]) => site),
  SOURCE,
)}, 'site-' || ${drawn('site', 3)} || '.example')`;
const byDeal = (sql: string): string => `CASE WHEN ${SOURCE} >= ${BY_DEAL} THEN ${sql} END`;

export const SUPPLY_VALUES: Values = {
  supply_source: oneOf(
    SOURCES.map(([name]) => name),
    SOURCE,
  ),
  supply_source_id: `91000 + ${SOURCE}`,
  supply_source_is_view_aware: `${SOURCE} < ${UNMEASURED}`,
  supply_source_view_rate: VIEW_RATE,
  placement_is_view_aware: `${SOURCE} < ${UNMEASURED}`,
  // Some of a source's placements are better than others.
  placement_view_rate: `(${VIEW_RATE})::numeric + ${drawn('slot', 3)} * 0.01`,
  is_amazon_owned: `${SOURCE} < ${OWNED}`,
  site: SITE,
  app_bundle: `CASE WHEN ${IN_APP} THEN 'com.example.app' || ${drawn('site', 3)} END`,
  slot_position: pick('slot', 'ATF', 'BTF', 'ATF', 'UNKNOWN'),
  page_type: `CASE WHEN ${SOURCE} = 0 THEN ${pick('slot', 'Search', 'Detail', 'CustomerReviews')} END`,
  deal_id: byDeal(`'DEAL' || (${SOURCE} * 100 + c.advertiser_key)`),
  deal_name: byDeal(`CASE ${SOURCE} WHEN ${BY_DEAL} THEN ${text('Premium private auction')} ELSE ${text('City screens guaranteed')} END`),
  demand_channel: UNFILLED,
  demand_channel_owner: UNFILLED,
};
