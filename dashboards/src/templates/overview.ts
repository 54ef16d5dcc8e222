import type { Dashboard, WidgetQuery } from '@amc-reports/collector-service/contract';
import { widget } from '../kinds/index.ts';
import { kpiRow } from './kpi-row.ts';

const ask = (query: WidgetQuery): WidgetQuery => ({ dataset: 'campaign_performance', ...query });

const kpis = kpiRow('campaign_performance', [
  { metric: 'spend', title: 'Spend', description: 'Cost of sponsored ads and Amazon DSP, one number per currency', better: 'neutral' },
  { metric: 'sales', title: 'Sales', description: 'Product sales attributed to the traffic, one number per currency', better: 'up' },
  { metric: 'roas', title: 'ROAS', description: 'Sales for each unit of spend, one number per currency', better: 'up' },
  { metric: 'purchases', title: 'Purchases', description: 'Purchases attributed to the traffic', better: 'up' },
]);

/** Without a filter and thus without a variable: what Grafana can share with people who have no account. */
export const overview: Dashboard = {
  uid: 'amc-overview',
  title: 'Overview',
  description: 'All instances at a glance, without filters, so that it can be shared outside of Grafana.',
  version: 1,
  time: { from: 'now-13w/w', to: 'now-1w/w' },
  filters: [],
  sections: [
    {
      widgets: [
        ...kpis,
        widget('line', {
          id: 'spend-and-sales',
          title: 'Spend and sales',
          description: 'Per week, one line per currency: money of different currencies is never added.',
          queries: [ask({ metrics: ['spend', 'sales'], grain: 'week' })],
          display: { colourBy: 'series' },
          place: { x: 0, y: 5, w: 12, h: 9 },
        }),
        widget('line', {
          id: 'roas',
          title: 'ROAS',
          description: 'Sales for each unit of spend per week, one line per currency.',
          queries: [ask({ metrics: ['roas'], grain: 'week' })],
          display: { colourBy: 'series' },
          place: { x: 12, y: 5, w: 12, h: 9 },
        }),
        widget('table', {
          id: 'ad-products',
          title: 'By ad product',
          description: 'The time range by ad product; what Amazon hides for privacy comes last, so that the rows add up to the totals.',
          queries: [ask({ metrics: ['spend', 'sales', 'roas', 'purchases'], dimensions: ['ad_product'], rest: 'show' })],
          display: { columns: [{ title: 'Ad product', width: 150 }] },
          place: { x: 0, y: 14, w: 24, h: 8 },
        }),
        widget('freshness', {
          id: 'weeks',
          title: 'Weeks and how sure they are',
          description:
            'A cell per week: missing, provisional (up to 14 days old), settling (Amazon may still correct it), or final after 60 days.',
          queries: [{ queryType: 'freshness', dataset: 'campaign_performance' }],
          display: { as: 'weeks' },
          place: { x: 0, y: 22, w: 24, h: 6 },
        }),
      ],
    },
  ],
};
