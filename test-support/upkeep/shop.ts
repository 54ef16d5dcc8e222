import { datasetSchema, type Dataset, type DatasetFile } from '@amc-reports/collector-service/data/catalogue/dataset.ts';

/** Version 1 of a small dataset: a day, a campaign, views, clicks and sales. */
const FIRST: DatasetFile = {
  dataset: 'shop',
  version: 1,
  title: 'Shop',
  description: 'A small dataset of tests.',
  window: 'week',
  attribution: 'none',
  sql: {
    template: '{{parts.rows}}',
    parts: {
      rows: [{ name: 'all', sql: `SELECT event_date, campaign, SUM(views) AS views FROM t WHERE z = '{{time_zone}}' GROUP BY 1, 2` }],
    },
  },
  columns: [
    { name: 'event_date', type: 'date', role: 'day' },
    { name: 'campaign', type: 'string', role: 'dimension' },
    { name: 'views', type: 'integer', role: 'measure' },
    { name: 'clicks', type: 'integer', role: 'measure' },
  ],
  dimensions: [{ name: 'campaign', title: 'Campaign', description: 'The campaign' }],
  metrics: [
    { name: 'views', title: 'Views', description: 'Views', kind: 'additive', sum: ['views'], unit: 'count', better: 'up' },
    { name: 'clicks', title: 'Clicks', description: 'Clicks', kind: 'additive', sum: ['clicks'], unit: 'count', better: 'up' },
  ],
  rollups: [{ name: 'total', dimensions: [], grains: ['week'] }],
};

export const shop = (changes: Partial<DatasetFile> = {}): Dataset => datasetSchema.parse({ ...FIRST, ...changes });

/** Version 2: clicks are gone, views are called shown and may have fractions, and a roll-up by campaign is new. */
export const shopTwo = (changes: Partial<DatasetFile> = {}): Dataset =>
  shop({
    version: 2,
    columns: [
      { name: 'event_date', type: 'date', role: 'day' },
      { name: 'campaign', type: 'string', role: 'dimension' },
      { name: 'views', type: 'decimal', role: 'measure', as: 'shown' },
    ],
    metrics: [{ name: 'views', title: 'Views', description: 'Views', kind: 'additive', sum: ['shown'], unit: 'count', better: 'up' }],
    rollups: [
      { name: 'total', dimensions: [], grains: ['week'] },
      { name: 'campaign', dimensions: ['campaign'], grains: ['week', 'month'] },
    ],
    ...changes,
  });

/** A result file of the week: three campaigns, one with everything that CSV makes difficult. */
export const shopFile = (monday: string, factor = 1, more: { header?: string; value?: string } = {}): string => {
  const campaigns = ['Boots', '"Socks, ""warm""\nand dry"', ''];
  const extra = more.header === undefined ? ['', ''] : [`,${more.header}`, `,${more.value ?? ''}`];
  return [
    `campaign,event_date,clicks,views${extra[0]}`,
    ...campaigns.map((campaign, index) => `${campaign},${monday},${index * factor},${100 * factor + index}${extra[1]}`),
  ]
    .map((line) => `${line}\n`)
    .join('');
};
