import type { Dashboard } from '@amc-reports/collector-service/contract';
import { kinds, widget } from '../kinds/index.ts';
import { ask, KPIS, spendAndSales } from './campaign-performance.ts';
import { kpiRow } from './kpi-row.ts';

const kpis = kpiRow('campaign_performance', [KPIS.spend, KPIS.sales, KPIS.roas, KPIS.purchases]);

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
        spendAndSales({ x: 0, y: 5, w: 12, h: 9 }, { colourBy: 'series' }),
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
        widget('freshness', { id: 'weeks', ...kinds.freshness.ready, place: { x: 0, y: 22, w: 24, h: 6 } }),
      ],
    },
  ],
};
