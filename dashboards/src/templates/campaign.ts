import type { Dashboard, DashboardFilter } from '@amc-reports/collector-service/contract';
import { kinds, widget } from '../kinds/index.ts';
import { ask, KPIS, roasCompared, spendAndSales } from './campaign-performance.ts';
import { currency, instance } from './filters.ts';
import { kpiRow } from './kpi-row.ts';

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

const kpis = kpiRow('campaign_performance', [KPIS.spend, KPIS.sales, KPIS.roas, KPIS.acos, KPIS.cvr, KPIS.newToBrand]);

const development = [
  spendAndSales({ x: 0, y: 0, w: 12, h: 9 }, { style: 'area' }),
  roasCompared({ x: 12, y: 0, w: 12, h: 9 }),
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
  widget('funnel', { id: 'funnel', ...kinds.funnel.ready, place: { x: 0, y: 0, w: 10, h: 9 } }),
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
