import type { Dashboard, DashboardFilter, WidgetQuery } from '@amc-reports/collector-service/contract';
import { widget } from '../kinds/index.ts';
import { currency, instance } from './filters.ts';
import { kpiRow } from './kpi-row.ts';

const ask = (query: WidgetQuery): WidgetQuery => ({ dataset: 'campaign_performance', ...query });

/** Of the same name as everywhere, so that a link brings the campaign along; here exactly one. */
const campaign: DashboardFilter = {
  kind: 'dimension',
  name: 'campaign',
  dimension: 'campaign',
  dataset: 'campaign_performance',
  within: ['currency'],
  single: true,
  label: 'Campaign',
  description: 'The campaign that this dashboard is about, by its newest name',
};

const kpis = kpiRow('campaign_performance', [
  { metric: 'spend', title: 'Spend', description: 'Cost of the campaign', better: 'neutral' },
  { metric: 'sales', title: 'Sales', description: 'Product sales attributed to its traffic', better: 'up' },
  { metric: 'roas', title: 'ROAS', description: 'Sales for each unit of spend', better: 'up' },
  { metric: 'acos', title: 'ACOS', description: 'Spend as a share of sales', better: 'down' },
  { metric: 'cvr', title: 'CVR', description: 'Purchases per click', better: 'up' },
  { metric: 'ntb_rate', title: 'NTB', description: 'Share of purchases by shoppers new to the brand', better: 'up' },
]);

const development = [
  widget('line', {
    id: 'spend-and-sales',
    title: 'Spend and sales',
    description: 'Of the campaign per week. A week without activity is zero, a week that is missing is a gap.',
    queries: [ask({ metrics: ['spend', 'sales'], grain: 'week' })],
    display: { style: 'area' },
    place: { x: 0, y: 0, w: 12, h: 9 },
  }),
  widget('line', {
    id: 'roas',
    title: 'ROAS',
    description: 'Sales for each unit of spend, per week; dashed, the weeks before the time range.',
    queries: [ask({ metrics: ['roas'], grain: 'week', compare: 'previous_period' })],
    display: {},
    place: { x: 12, y: 0, w: 12, h: 9 },
  }),
  widget('line', {
    id: 'clicks-and-cpc',
    title: 'Clicks and what one costs',
    description: 'Clicks per week on the left, cost per click on the right.',
    queries: [ask({ metrics: ['clicks', 'cpc'], grain: 'week' })],
    display: { leftAxis: 'Clicks', rightAxis: [{ title: 'CPC' }] },
    place: { x: 0, y: 9, w: 12, h: 9 },
  }),
  widget('line', {
    id: 'reach',
    title: 'People reached and ads per person',
    description:
      'People who saw an ad of the campaign in each week on the left, ads shown per person on the right. Weeks are not added up.',
    // Names of the time are dimensions of this dataset, so the campaign is chosen by its id, which is what the filter holds.
    queries: [
      {
        dataset: 'reach_frequency',
        metrics: ['reach', 'frequency'],
        dimensions: ['advertiser', 'ad_product', 'campaign_id', 'campaign'],
        filters: [{ dimension: 'campaign_id', values: ['$campaign'] }],
        grain: 'week',
        legend: '{{metric}}',
        rest: 'hide',
      },
    ],
    filters: 'instances',
    display: { leftAxis: 'Reach', rightAxis: [{ title: 'Frequency' }] },
    empty: 'Reach is not collected, or too few people saw this campaign',
    place: { x: 12, y: 9, w: 12, h: 9 },
  }),
];

const funnel = [
  widget('funnel', {
    id: 'funnel',
    title: 'Funnel',
    description: 'From ads shown to purchases over the time range, with the share of each step in the one before.',
    queries: [ask({})],
    display: {
      steps: [
        { metric: 'impressions', title: 'Impressions' },
        { metric: 'clicks', title: 'Clicks' },
        { metric: 'detail_page_views', title: 'Detail page views' },
        { metric: 'add_to_carts', title: 'Add to carts' },
        { metric: 'purchases', title: 'Purchases' },
      ],
    },
    place: { x: 0, y: 0, w: 10, h: 9 },
  }),
  widget('table', {
    id: 'weeks-of-campaign',
    title: 'Week by week',
    description: 'Every week of the time range, the newest first; as CSV through Inspect → Data.',
    queries: [ask({ metrics: ['spend', 'sales', 'roas', 'acos', 'clicks', 'purchases'], grain: 'week' })],
    display: { columns: [{ title: 'Spend', bar: true, width: 120 }], newestFirst: true },
    place: { x: 10, y: 0, w: 14, h: 9 },
  }),
];

export const campaignDetail: Dashboard = {
  uid: 'amc-campaign',
  title: 'Campaign detail',
  description: 'One campaign: what it costs and returns, how that develops, whom it reaches, and every week in numbers.',
  version: 1,
  time: { from: 'now-26w/w', to: 'now-1w/w' },
  filters: [instance, currency, campaign],
  events: ['campaign_performance'],
  sections: [
    { widgets: kpis },
    { title: 'How does it develop?', widgets: development },
    { title: 'Where do shoppers drop out, and when?', widgets: funnel },
  ],
};
