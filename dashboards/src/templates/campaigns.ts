import type { Dashboard, DashboardFilter } from '@amc-reports/collector-service/contract';
import { widget } from '../kinds/index.ts';
import { ask } from './campaign-performance.ts';
import { adProduct, advertiser, campaign, currency, instance } from './filters.ts';

const metric: DashboardFilter = {
  kind: 'choice',
  name: 'metric',
  label: 'Metric',
  description: 'What the campaigns are compared by',
  options: [
    { value: 'sales', title: 'Sales' },
    { value: 'spend', title: 'Spend' },
    { value: 'roas', title: 'ROAS' },
    { value: 'acos', title: 'ACOS' },
    { value: 'purchases', title: 'Purchases' },
    { value: 'clicks', title: 'Clicks' },
    { value: 'ctr', title: 'CTR' },
    { value: 'cvr', title: 'CVR' },
    { value: 'ntb_rate', title: 'New-to-brand share' },
  ],
};

const toCampaign = { title: 'Details of this campaign', dashboard: 'amc-campaign', set: { filter: 'campaign', field: 'Campaign' } };

const leaders = [
  widget('bar', {
    id: 'leaders',
    title: 'The ten with most $metric',
    description:
      'The ten campaigns with the highest value of the chosen metric in the time range. What Amazon hides for privacy is left out.',
    queries: [ask({ metrics: ['$metric'], dimensions: ['campaign'], orderBy: { by: '$metric' }, limit: 10, rest: 'hide' })],
    display: {},
    place: { x: 0, y: 0, w: 8, h: 12 },
  }),
  widget('line', {
    id: 'by-week',
    title: '$metric by week',
    description: 'The chosen metric of the six campaigns that have most of it, per week. Choose campaigns above to compare others.',
    queries: [ask({ metrics: ['$metric'], dimensions: ['campaign'], grain: 'week', orderBy: { by: '$metric' }, limit: 6, rest: 'hide' })],
    display: {},
    place: { x: 8, y: 0, w: 16, h: 12 },
  }),
];

const changes = [
  widget('table', {
    id: 'changes',
    title: 'Every campaign against the period before',
    description:
      'The hundred campaigns with the highest spend, with the change of spend, sales and ROAS since the range of equal length before. Sort by a column to find what moved. Click a name for its own dashboard.',
    queries: [
      ask({
        metrics: ['spend', 'sales', 'roas'],
        dimensions: ['campaign', 'ad_product'],
        compare: 'previous_period',
        orderBy: { by: 'spend' },
        limit: 100,
        rest: 'hide',
      }),
    ],
    display: {
      columns: [
        { title: 'Campaign', width: 240 },
        { title: 'Ad product', width: 150 },
        { title: 'Spend', bar: true, width: 120 },
        { title: 'Spend change', change: 'neutral' },
        { title: 'Sales change', change: 'up' },
        { title: 'ROAS change', change: 'up' },
      ],
      hide: ['Spend (previous)', 'Sales (previous)', 'ROAS (previous)'],
    },
    links: [toCampaign],
    place: { x: 0, y: 0, w: 24, h: 15 },
  }),
];

const where = [
  widget('heat_map', {
    id: 'advertiser-product',
    title: 'ROAS by advertiser and ad product',
    description: 'Sales for each unit of spend in the time range: the darker, the higher.',
    queries: [ask({ metrics: ['roas'], dimensions: ['advertiser', 'ad_product'], rest: 'hide' })],
    display: { rows: 'Advertiser', columns: 'Ad product', value: 'ROAS' },
    place: { x: 0, y: 0, w: 14, h: 8 },
  }),
  widget('pie', {
    id: 'share-of-spend',
    title: 'Share of spend',
    description: 'Spend of the time range by ad product, with what Amazon hides for privacy as a part of its own.',
    queries: [ask({ metrics: ['spend'], dimensions: ['ad_product'], orderBy: { by: 'spend' }, rest: 'show' })],
    display: {},
    place: { x: 14, y: 0, w: 10, h: 8 },
  }),
];

export const campaignComparison: Dashboard = {
  uid: 'amc-campaigns',
  title: 'Campaign comparison',
  description: 'Campaigns side by side by a metric of your choice, what changed since the period before, and where the money works best.',
  version: 1,
  time: { from: 'now-13w/w', to: 'now-1w/w' },
  filters: [instance, currency, metric, advertiser, adProduct, campaign],
  events: ['campaign_performance'],
  sections: [{ widgets: leaders }, { title: 'What changed?', widgets: changes }, { title: 'Where does the money work?', widgets: where }],
};
