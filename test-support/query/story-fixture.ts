import { mondays, addDays } from '@amc-reports/collector-service/ground/calendar/week.ts';
import { SUPPRESSED } from '@amc-reports/collector-service/data/catalogue/tables.ts';
import { createWorld, type FactRow, type World } from './query-fixture.ts';

export const US = 'Acme US';
export const DE = 'Acme DE';
export const FIRST_WEEK = '2025-12-15';
export const LAST_WEEK = '2026-03-16';

/** Traffic and conversions of a campaign on one day. */
export function campaignDay(
  day: string,
  campaign: string,
  currency: string,
  numbers: { spend: number; sales: number; impressions: number; clicks: number; purchases: number },
): FactRow[] {
  const isDsp = campaign.startsWith('DSP');
  const base = {
    day,
    advertiser: currency === 'EUR' ? 'Acme GmbH' : 'Acme Inc',
    ad_product: isDsp ? 'amazon_dsp' : 'sponsored_products',
    campaign_id: `id-${campaign}`,
    campaign,
    currency,
  };
  const { spend, sales, impressions, clicks, purchases } = numbers;
  return [
    {
      ...base,
      source: isDsp ? 'dsp_impressions' : 'sponsored_ads',
      impressions,
      clicks,
      [isDsp ? 'dsp_cost' : 'sponsored_ads_spend']: spend,
    },
    {
      ...base,
      source: 'conversions',
      purchases,
      sales,
      units: purchases,
      ntb_purchases: 1,
      ntb_sales: sales / 2,
      detail_page_views: clicks,
      add_to_carts: purchases,
    },
  ];
}

/** Rows that Amazon hid: with the advertiser and product known, or the campaign's day hidden as well. */
export const hiddenDay = (day: string | null, currency: string, spend: number): FactRow => ({
  day,
  source: 'sponsored_ads',
  advertiser: currency === 'EUR' ? 'Acme GmbH' : 'Acme Inc',
  ad_product: 'sponsored_products',
  campaign_id: SUPPRESSED,
  campaign: SUPPRESSED,
  currency,
  filtered: true,
  impressions: 100,
  clicks: 1,
  sponsored_ads_spend: spend,
});

/**
 * Two accounts over 14 weeks across a year change: one sells in dollars, one in euros. Every week has two campaigns on its
 * Monday and Saturday, 5 % of the spend hidden by campaign and 2 % without a day. `DSP Reach` runs in the US only.
 */
export async function createStory(): Promise<World> {
  const world = await createWorld({ [US]: 'America/Los_Angeles', [DE]: 'Europe/Berlin' });
  for (const name of [US, DE]) {
    const currency = name === US ? 'USD' : 'EUR';
    await world.collect(name, 'campaign_performance', FIRST_WEEK, LAST_WEEK);
    for (const [index, week] of mondays(FIRST_WEEK, LAST_WEEK).entries()) {
      await world.serve(name, 'campaign_performance', week, [
        ...campaignDay(week, 'Always on', currency, { spend: 40, sales: 200 + index * 10, impressions: 10_000, clicks: 80, purchases: 6 }),
        ...campaignDay(addDays(week, 5), 'Always on', currency, { spend: 20.5, sales: 90, impressions: 4000, clicks: 40, purchases: 3 }),
        ...campaignDay(week, name === US ? 'DSP Reach' : 'Frühling, "neu" 🌷', currency, {
          spend: 32.5,
          sales: 55.25,
          impressions: 20_000,
          clicks: 15,
          purchases: 1,
        }),
        hiddenDay(addDays(week, 1), currency, 5),
        hiddenDay(null, currency, 2),
      ]);
    }
  }
  return world;
}
