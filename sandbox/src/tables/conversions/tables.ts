import { documentedColumns } from '../documented.ts';
import { CAMPAIGN_VALUES, DSP_CAMPAIGN_ID, dspOnly, IS_DSP } from '../event-values/campaign.ts';
import { CONVERTED_PRODUCT } from '../event-values/product.ts';
import { timeValues } from '../event-values/time.ts';
import { UNFILLED, type AmcTable } from '../table.ts';
import { CONVERSION_VISIBLE } from '../visibility.ts';
import { CONVERSION_VALUES } from './event.ts';

/** An instance without display advertisers has no DSP conversions either. */
export const instanceHas = (campaign: string): string =>
  `(${campaign}.product <> 'amazon_dsp' OR (SELECT current_setting('amc.display', true)) = 'on')`;

export const CONVERSION_FROM = 'sandbox.conversion t JOIN sandbox.campaign c ON c.key = t.campaign';
const shared = { display: false, time: 't.converted_at', visible: CONVERSION_VISIBLE } as const;
const VALUES = { ...CONVERSION_VALUES, ...timeValues('event', 't.converted_at') };

export const CONVERSIONS: AmcTable = {
  ...shared,
  name: 'conversions',
  description: 'Conversions of people who saw or clicked an ad in the 28 days before, each once',
  from: CONVERSION_FROM,
  where: instanceHas('c'),
  columns: documentedColumns('conversions', VALUES),
};

const PROMOTES = `${CONVERTED_PRODUCT} % 100 = c.key % 100`;

/** The same conversions beside every campaign of the brand: c is here the campaign that it is relevant to, not the one that earned it. */
export const CONVERSIONS_WITH_RELEVANCE: AmcTable = {
  ...shared,
  name: 'conversions_with_relevance',
  description: 'Conversions, once for each campaign of the brand that they are relevant to',
  from: `sandbox.conversion t JOIN sandbox.campaign earned ON earned.key = t.campaign
    JOIN sandbox.campaign c ON c.advertiser_key = earned.advertiser_key`,
  where: `${instanceHas('earned')} AND ${instanceHas('c')}`,
  columns: documentedColumns('conversions_with_relevance', {
    ...VALUES,
    ...CAMPAIGN_VALUES,
    campaign_id: `CASE WHEN ${IS_DSP} THEN ${DSP_CAMPAIGN_ID} ELSE c.campaign_id END`,
    campaign_sales_type: dspOnly(`'BILLABLE'`),
    campaign_source: UNFILLED,
    advertiser_id: dspOnly('c.dsp_advertiser_id'),
    engagement_scope: `CASE WHEN ${PROMOTES} THEN 'PROMOTED' ELSE 'BRAND_HALO' END`,
    halo_code: `CASE WHEN ${PROMOTES} THEN 'TRACKED_ASIN' ELSE 'BRAND_MARKETPLACE' END`,
  }),
};
