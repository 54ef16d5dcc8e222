import type { Dashboard } from '@amc-reports/collector-service/contract';
import { kinds, widget } from '../kinds/index.ts';
import { ask, KPIS, roasCompared, spendAndSales } from './campaign-performance.ts';
import { adProduct, advertiser, campaign, currency, instance } from './filters.ts';
import { kpiRow } from './kpi-row.ts';

const kpis = kpiRow('campaign_performance', [KPIS.spend, KPIS.sales, KPIS.roas, KPIS.acos, KPIS.ctr, KPIS.newToBrand]);

const trends = [spendAndSales({ x: 0, y: 5, w: 12, h: 9 }, { style: 'area' }), roasCompared({ x: 12, y: 5, w: 12, h: 9 })];

const funnel = [
  widget('funnel', { id: 'funnel', ...kinds.funnel.ready, place: { x: 0, y: 0, w: 10, h: 9 } }),
  widget('line', {
    id: 'rates',
    title: 'Rates by week',
    description: 'Click-through rate on the left; purchases per click (CVR) on the right, each on its own scale.',
    queries: [ask({ metrics: ['ctr', 'cvr'], grain: 'week' })],
    display: { leftAxis: 'CTR', rightAxis: [{ title: 'CVR' }] },
    place: { x: 10, y: 0, w: 14, h: 9 },
  }),
];

const origin = [
  widget('table', {
    id: 'ad-products',
    title: 'By ad product',
    description: 'The time range by ad product. What Amazon hides for privacy comes last, so that the rows add up to the totals above.',
    queries: [
      ask({ metrics: ['spend', 'sales', 'roas', 'purchases'], dimensions: ['ad_product'], orderBy: { by: 'spend' }, rest: 'show' }),
    ],
    display: {
      columns: [
        { title: 'Ad product', width: 150 },
        { title: 'Spend', bar: true },
        { title: 'Sales', bar: true },
      ],
    },
    place: { x: 0, y: 0, w: 12, h: 8 },
  }),
  widget('table', {
    id: 'advertisers',
    title: 'By advertiser',
    description: 'The time range by advertiser. What Amazon hides for privacy comes last, so that the rows add up to the totals above.',
    queries: [
      ask({ metrics: ['spend', 'sales', 'roas', 'purchases'], dimensions: ['advertiser'], orderBy: { by: 'spend' }, rest: 'show' }),
    ],
    display: {
      columns: [
        { title: 'Advertiser', width: 150 },
        { title: 'Spend', bar: true },
        { title: 'Sales', bar: true },
      ],
    },
    links: [{ title: 'Only this advertiser', dashboard: 'amc-performance', set: { filter: 'advertiser', field: 'Advertiser' } }],
    place: { x: 12, y: 0, w: 12, h: 8 },
  }),
  widget('table', {
    id: 'top-campaigns',
    title: 'Top campaigns',
    description:
      'The 50 campaigns with the highest spend in the time range. What Amazon hides for privacy is no campaign and left out. Click a name for the campaign’s own dashboard.',
    queries: [
      ask({
        metrics: ['spend', 'sales', 'roas', 'acos', 'purchases', 'ntb_rate'],
        dimensions: ['campaign', 'advertiser', 'ad_product'],
        orderBy: { by: 'spend' },
        limit: 50,
        rest: 'hide',
      }),
    ],
    display: {
      columns: [
        { title: 'Campaign', width: 240 },
        { title: 'Advertiser', width: 150 },
        { title: 'Ad product', width: 150 },
        { title: 'Spend', bar: true, width: 120 },
      ],
    },
    links: [{ title: 'Details of this campaign', dashboard: 'amc-campaign', set: { filter: 'campaign', field: 'Campaign' } }],
    place: { x: 0, y: 8, w: 24, h: 13 },
  }),
];

const trust = [widget('freshness', { id: 'weeks', ...kinds.freshness.ready, place: { x: 0, y: 0, w: 24, h: 5 } })];

export const performance: Dashboard = {
  uid: 'amc-performance',
  title: 'Performance',
  description: 'Spend, sales and what they return: KPIs with comparison, trends, funnel, ad products, advertisers and campaigns.',
  version: 2,
  // Whole weeks, up to the newest that has ended: no empty weeks at the right edge.
  time: { from: 'now-26w/w', to: 'now-1w/w' },
  filters: [instance, currency, advertiser, adProduct, campaign],
  events: ['campaign_performance'],
  sections: [
    { widgets: [...kpis, ...trends] },
    { title: 'Where do shoppers drop out?', widgets: funnel },
    { title: 'Where does it come from?', widgets: origin },
    { title: 'How fresh is it?', widgets: trust },
  ],
};
