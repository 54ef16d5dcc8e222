import type { Dashboard, WidgetQuery } from '@amc-reports/collector-service/contract';
import { widget } from '../kinds/index.ts';
import { adProduct, advertiser, campaign, currency, instance } from './filters.ts';
import { kpiRow } from './kpi-row.ts';

const MODELS = ['first_touch', 'last_touch', 'linear', 'position'];
const models = (query: WidgetQuery): WidgetQuery => ({ dataset: 'attribution_models', ...query });
const paths = (query: WidgetQuery): WidgetQuery => ({ dataset: 'conversion_paths', rest: 'hide', ...query });

const kpis = kpiRow('attributed_purchases', [
  { metric: 'attributed_sales', title: 'Attributed sales', description: 'Product sales that Amazon attributes to ads', better: 'up' },
  { metric: 'attributed_purchases', title: 'Purchases', description: 'Purchases that Amazon attributes to ads', better: 'up' },
  { metric: 'view_through_share', title: 'View-through share', description: 'Share of purchases after a view alone', better: 'neutral' },
  {
    metric: 'brand_halo_share',
    title: 'Brand halo share',
    description: 'Share of purchases of other products of the brand',
    better: 'neutral',
  },
]);

const parts = [
  widget('line', {
    id: 'click-and-view',
    title: 'After a click, after a view',
    description: 'Attributed purchases per week by the ad event that earned them: a click, or a view without one.',
    queries: [{ dataset: 'attributed_purchases', metrics: ['click_through_purchases', 'view_through_purchases'], grain: 'week' }],
    display: { style: 'bars', stacked: true, colourBy: 'series' },
    place: { x: 0, y: 5, w: 12, h: 8 },
  }),
  widget('line', {
    id: 'promoted-and-halo',
    title: 'Promoted products and brand halo',
    description: 'Attributed purchases per week by what was bought: the advertised product, or another one of the brand.',
    queries: [{ dataset: 'attributed_purchases', metrics: ['promoted_purchases', 'brand_halo_purchases'], grain: 'week' }],
    display: { style: 'bars', stacked: true, colourBy: 'series' },
    place: { x: 12, y: 5, w: 12, h: 8 },
  }),
];

const byModel = [
  widget('table', {
    id: 'models-by-ad-product',
    title: 'Who opens a path, who closes it?',
    description:
      'Sales by ad product under each model. What opens paths is worth more by first touch, what closes them by last touch; the last column says by how much.',
    queries: [
      models({
        metrics: ['attribution_spend', ...MODELS.map((model) => `${model}_sales`)],
        dimensions: ['ad_product'],
        calculated: [
          { name: 'opening', title: 'First against last', expression: 'first_touch_sales / last_touch_sales - 1', unit: 'percent' },
        ],
        orderBy: { by: 'linear_sales' },
        rest: 'show',
      }),
    ],
    display: {
      columns: [
        { title: 'Ad product', width: 150 },
        { title: 'First touch sales', bar: true },
        { title: 'Last touch sales', bar: true },
        { title: 'Linear sales', bar: true },
        { title: 'Position sales', bar: true },
      ],
    },
    place: { x: 0, y: 0, w: 24, h: 9 },
  }),
  widget('table', {
    id: 'models-by-campaign',
    title: 'Campaigns by model',
    description: 'The 50 campaigns with the highest linear sales: ROAS under each model. Click a name for the campaign’s own dashboard.',
    queries: [
      models({
        metrics: ['attribution_spend', 'linear_sales', ...MODELS.map((model) => `${model}_roas`)],
        dimensions: ['campaign', 'ad_product'],
        orderBy: { by: 'linear_sales' },
        limit: 50,
        rest: 'hide',
      }),
    ],
    display: {
      columns: [
        { title: 'Campaign', width: 200 },
        { title: 'Ad product', width: 150 },
        { title: 'Linear sales', bar: true, width: 120 },
      ],
    },
    links: [{ title: 'Details of this campaign', dashboard: 'amc-campaign', set: { filter: 'campaign', field: 'Campaign' } }],
    place: { x: 0, y: 9, w: 24, h: 12 },
  }),
];

const ofPaths = [
  widget('paths', {
    id: 'paths',
    title: 'Paths to purchase',
    description: 'In which order people met ad products in the 14 days before they bought; the paths with the most purchases first.',
    queries: [
      paths({
        metrics: ['path_purchases', 'path_sales', 'path_roas', 'path_cost_per_purchase'],
        dimensions: ['path'],
        orderBy: { by: 'path_purchases' },
        limit: 50,
      }),
    ],
    display: { path: 'Path', weight: 'Purchases' },
    place: { x: 0, y: 0, w: 16, h: 12 },
  }),
  widget('bar', {
    id: 'path-length',
    title: 'Purchases by length of the path',
    description: 'How many different ad products a shopper had met before buying.',
    queries: [paths({ metrics: ['path_purchases'], dimensions: ['path_length'], orderBy: { by: 'path_length', direction: 'asc' } })],
    display: {},
    place: { x: 16, y: 0, w: 8, h: 12 },
  }),
];

const time = [
  widget('bar', {
    id: 'time-to-conversion',
    title: 'From ad to purchase',
    description: 'Purchases by the time between the ad that earned them and the purchase.',
    queries: [
      {
        dataset: 'time_to_conversion',
        metrics: ['purchases_after_ad'],
        dimensions: ['time_to_conversion'],
        orderBy: { by: 'time_to_conversion', direction: 'asc' },
        rest: 'hide',
      },
    ],
    display: {},
    place: { x: 0, y: 0, w: 10, h: 10 },
  }),
  widget('heat_map', {
    id: 'time-by-ad-product',
    title: 'By ad product',
    description: 'Purchases by the time between ad and purchase for each ad product: the darker, the more.',
    queries: [
      {
        dataset: 'time_to_conversion',
        metrics: ['purchases_after_ad'],
        dimensions: ['ad_product', 'time_to_conversion'],
        orderBy: { by: 'time_to_conversion', direction: 'asc' },
        rest: 'hide',
      },
    ],
    display: { rows: 'Ad product', columns: 'Time to conversion', value: 'Purchases' },
    place: { x: 10, y: 0, w: 14, h: 10 },
  }),
];

export const attribution: Dashboard = {
  uid: 'amc-attribution',
  title: 'Attribution',
  description: 'What earns the purchases: clicks or views, which ads by four models, which paths, and how long it takes.',
  version: 1,
  time: { from: 'now-13w/w', to: 'now-1w/w' },
  filters: [instance, currency, advertiser, adProduct, campaign],
  events: ['attributed_purchases'],
  sections: [
    { widgets: [...kpis, ...parts] },
    { title: 'Does another model tell another story?', widgets: byModel },
    { title: 'Which paths lead to a purchase?', widgets: ofPaths },
    { title: 'How long does it take?', widgets: time },
  ],
};
