import { datasetSchema, type DatasetFile } from '@amc-reports/collector-service/data/catalogue/dataset.ts';

type ColumnFile = DatasetFile['columns'][number];
const texts = (role: ColumnFile['role'], ...names: string[]): ColumnFile[] => names.map((name) => ({ name, type: 'string', role }));
const counts = (...names: string[]): ColumnFile[] => names.map((name) => ({ name, type: 'integer', role: 'measure' }));

/** Days of campaigns in Amazon's form, with money in its units and its privacy mark: what import tests bring files of. */
export const ads = datasetSchema.parse({
  dataset: 'ads',
  version: 1,
  title: 'Ads',
  description: 'Days of campaigns, for tests of the import.',
  window: 'week',
  attribution: 'none',
  sql: {
    filtered_column: 'filtered',
    template: '{{parts.rows}}',
    parts: { rows: [{ name: 'all', sql: `SELECT event_date FROM t WHERE zone = '{{time_zone}}' GROUP BY event_date` }] },
  },
  columns: [
    ...texts('key', 'source'),
    { name: 'event_date', type: 'date', role: 'day' },
    ...texts('dimension', 'advertiser', 'ad_product', 'campaign_id', 'campaign'),
    ...texts('currency', 'currency'),
    { name: 'filtered', type: 'boolean', role: 'filtered' },
    ...counts('impressions', 'clicks'),
    { name: 'spend', type: 'integer', role: 'measure', unit: 'microcents' },
    { name: 'sales', type: 'decimal', role: 'measure', unit: 'currency' },
  ],
  dimensions: ['advertiser', 'ad_product', 'campaign_id', 'campaign'].map((name) => ({ name, title: name, description: name })),
  metrics: [
    {
      name: 'ads_seen',
      title: 'Impressions',
      description: 'Impressions',
      kind: 'additive',
      sum: ['impressions'],
      unit: 'count',
      better: 'up',
    },
    { name: 'ads_spend', title: 'Spend', description: 'Spend', kind: 'additive', sum: ['spend'], unit: 'currency', better: 'down' },
  ],
  rollups: [
    { name: 'total', dimensions: [] },
    { name: 'campaign', dimensions: ['advertiser', 'campaign_id', 'campaign'], grains: ['week', 'month'] },
  ],
});

export const header = ads.columns.map(({ name }) => name).join(',');
/** A row of the file; values are put into quotes where a test may want them odd. */
export const row = (day: string, campaign: string, impressions: number | string, id: string = String(campaign.length)): string =>
  `sponsored_ads,${day},Acme,sponsored_products,${id},"${campaign.replaceAll('"', '""')}",USD,false,${impressions},1,250000000,`;
