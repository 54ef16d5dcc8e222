import { text } from './draw.ts';
import { momentValues } from './time.ts';
import type { Values } from '../table.ts';

export const IS_DSP = `c.product = 'amazon_dsp'`;

/** Values that only Amazon DSP has, or only sponsored ads, where a table holds both. */
export const dspOnly = (sql: string): string => `CASE WHEN ${IS_DSP} THEN ${sql} END`;
export const sponsoredOnly = (sql: string): string => `CASE WHEN NOT ${IS_DSP} THEN ${sql} END`;

/** Local midnight; the latest begins before the first month that any history holds. */
export const CAMPAIGN_START = `(DATE '2023-02-01' + c.key * 5)::timestamp`;

/** DSP campaigns have an end, far away as people write it who want none; of sponsored ads one in four. */
export const CAMPAIGN_END = `CASE WHEN ${IS_DSP} OR c.key % 4 = 0 THEN TIMESTAMP '2035-12-31 23:59:59' END`;

/** Millicents for the whole life of the campaign, half of it for each of its two line items. */
export const CAMPAIGN_BUDGET = `(2 + c.key * 7 % 9)::bigint * 1000000000`;

export const MARKETPLACE = `CASE c.marketplace WHEN 'US' THEN 'AMAZON.COM' ELSE 'AMAZON.DE' END`;

export const CAMPAIGN_VALUES: Values = {
  advertiser: 'c.advertiser',
  advertiser_timezone: 'c.time_zone',
  campaign: 'c.campaign',
  campaign_id: 'c.campaign_id',
  campaign_id_string: 'c.campaign_id_string',
  campaign_budget_amount: CAMPAIGN_BUDGET,
  currency_iso_code: 'c.currency',
  currency_name: `CASE c.currency WHEN 'EUR' THEN ${text('Euro')} ELSE ${text('Dollar (USA)')} END`,
  ...momentValues('campaign_start', CAMPAIGN_START),
  ...momentValues('campaign_end', CAMPAIGN_END),
};

/** The console's id and the other one are the same for Amazon DSP. */
export const DSP_CAMPAIGN_ID = 'c.campaign_id_string::bigint';
/** The account of the agency that buys with Amazon DSP, one for each advertiser. */
export const DSP_ENTITY = `'ENTITYDSP' || lpad(c.advertiser_key::text, 4, '0')`;
