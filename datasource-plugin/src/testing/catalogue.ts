import type { Catalogue } from '@amc-reports/collector-service/contract';

const metric = (name: string, title: string, part: Partial<Catalogue['datasets'][number]['metrics'][number]> = {}) => ({
  name,
  title,
  description: `${title} in words`,
  kind: 'additive' as const,
  unit: 'count' as const,
  better: 'up' as const,
  formula: null,
  ...part,
});
const dimension = (name: string, title: string) => ({ name, title, description: `${title} in words` });

const REACH: Catalogue['datasets'][number] = {
  name: 'reach_frequency',
  version: 1,
  title: 'Reach and frequency',
  description: 'People, never added up',
  window: 'week',
  grains: ['total', 'week', 'month'],
  dimensions: [dimension('advertiser', 'Advertiser'), dimension('frequency_bucket', 'Ads seen')],
  metrics: [metric('reach', 'Reach', { kind: 'distinct' })],
  levels: [[], ['advertiser'], ['advertiser', 'frequency_bucket']],
};

/** A small catalogue of the collector's own form: one additive dataset, one of distinct counts with other windows, two currencies. */
export const CATALOGUE: Catalogue = {
  datasets: [
    {
      name: 'campaign_performance',
      version: 1,
      title: 'Campaign performance',
      description: 'Traffic and the conversions it earned',
      grains: ['total', 'day', 'week', 'month'],
      dimensions: [dimension('advertiser', 'Advertiser'), dimension('ad_product', 'Ad product'), dimension('campaign', 'Campaign')],
      metrics: [
        metric('spend', 'Spend', { unit: 'currency' }),
        metric('clicks', 'Clicks'),
        metric('roas', 'ROAS', { kind: 'ratio', unit: 'ratio', formula: 'Sales ÷ Spend' }),
      ],
    },
    REACH,
    {
      ...REACH,
      name: 'reach_frequency_4_weeks',
      title: 'Reach, over 4 weeks',
      window: '4_weeks',
      windowOf: REACH.name,
      grains: ['total', 'week'],
    },
    {
      ...REACH,
      name: 'reach_frequency_month',
      title: 'Reach, by month',
      window: 'month',
      windowOf: REACH.name,
      grains: ['total', 'month'],
    },
  ],
  instances: [
    {
      instance: 'amcus',
      name: 'Acme US',
      connection: 'c',
      marketplaceId: 'ATVPDKIKX0DER',
      timeZone: 'America/Los_Angeles',
      advertiserTypes: [],
      currencies: ['USD'],
    },
    {
      instance: 'amcde',
      name: 'Acme DE',
      connection: 'c',
      marketplaceId: 'A1PA6795UKMFR9',
      timeZone: 'Europe/Berlin',
      advertiserTypes: [],
      currencies: ['EUR'],
    },
  ],
};
