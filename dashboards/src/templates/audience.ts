import type { Dashboard, WidgetQuery } from '@amc-reports/collector-service/contract';
import { widget } from '../kinds/index.ts';
import { instance } from './filters.ts';
import { kpiRow } from './kpi-row.ts';

/** People are not added over weeks: one number is that of the newest complete week. */
const newest: WidgetQuery = { latest: true, grain: 'week', rest: 'hide' };
const reach = (query: WidgetQuery): WidgetQuery => ({ dataset: 'reach_frequency', rest: 'hide', ...query });
const overlap = (query: WidgetQuery): WidgetQuery => ({ dataset: 'audience_overlap', ...newest, ...query });
const newToBrand = (query: WidgetQuery): WidgetQuery => ({ dataset: 'new_to_brand', rest: 'hide', ...query });
const OVERLAP_METRICS = ['overlap_reach', 'overlap_buyers', 'overlap_purchase_rate'];

const kpis = [
  ...kpiRow(
    'reach_frequency',
    [
      { metric: 'reach', title: 'Reach', description: 'People who saw at least one ad in the newest week', better: 'up' },
      { metric: 'frequency', title: 'Frequency', description: 'Ads shown per person reached in the newest week', better: 'neutral' },
    ],
    newest,
  ),
  ...kpiRow(
    'new_to_brand',
    [
      { metric: 'buyers', title: 'Customers', description: 'People who bought after an ad of the newest week', better: 'up' },
      {
        metric: 'ntb_buyer_share',
        title: 'New customers',
        description: 'Share of them who had not bought the brand for a year',
        better: 'up',
      },
    ],
    newest,
  ),
].map((kpi, index) => ({ ...kpi, place: { x: index * 6, y: 0, w: 6, h: 5 } }));

const reached = [
  widget('line', {
    id: 'reach-by-week',
    title: 'Reach and frequency by week',
    description: 'People reached in each week on the left, ads per person on the right. A person reached in two weeks counts in both.',
    queries: [reach({ metrics: ['reach', 'frequency'], grain: 'week' })],
    display: { leftAxis: 'Reach', rightAxis: [{ title: 'Frequency' }] },
    place: { x: 0, y: 0, w: 10, h: 9 },
  }),
  widget('bar', {
    id: 'ads-seen',
    title: 'Ads seen by a person',
    description: 'People of the newest week by the number of ads they saw.',
    queries: [
      reach({ ...newest, metrics: ['reach'], dimensions: ['frequency_bucket'], orderBy: { by: 'frequency_bucket', direction: 'asc' } }),
    ],
    display: {},
    place: { x: 10, y: 0, w: 7, h: 9 },
  }),
  widget('table', {
    id: 'reach-by-ad-product',
    title: 'By ad product',
    description: 'People reached by each ad product in the newest week. Somebody reached by two stands in both.',
    queries: [reach({ ...newest, metrics: ['reach', 'frequency'], dimensions: ['ad_product'], orderBy: { by: 'reach' } })],
    display: {
      columns: [
        { title: 'Ad product', width: 150 },
        { title: 'Reach', bar: true, width: 100 },
      ],
      hide: ['time'],
    },
    place: { x: 17, y: 0, w: 7, h: 9 },
  }),
];

const overlaps = [
  widget('overlap', {
    id: 'two-ways',
    title: 'Sponsored ads and Amazon DSP',
    description: 'People of the newest week by what they saw: sponsored ads only, Amazon DSP only, or both; nobody is in two groups.',
    queries: [overlap({ metrics: OVERLAP_METRICS, dimensions: ['exposure_group'] })],
    display: { group: 'Ads seen, two ways', people: 'People reached' },
    place: { x: 0, y: 0, w: 12, h: 8 },
  }),
  widget('overlap', {
    id: 'three-ways',
    title: 'Three ways',
    description: 'The same for Sponsored Products, for Sponsored Brands with Display and TV, and for Amazon DSP.',
    queries: [overlap({ metrics: OVERLAP_METRICS, dimensions: ['exposure_mix'] })],
    display: { group: 'Ads seen, three ways', people: 'People reached' },
    place: { x: 12, y: 0, w: 12, h: 8 },
  }),
  widget('line', {
    id: 'purchase-rate',
    title: 'Who buys? Share of people who bought, by what they saw',
    description: 'Buyers among the people reached, per week: whether seeing both kinds of ads goes along with buying more often.',
    queries: [
      { dataset: 'audience_overlap', metrics: ['overlap_purchase_rate'], dimensions: ['exposure_group'], grain: 'week', rest: 'hide' },
    ],
    display: { colourBy: 'series' },
    place: { x: 0, y: 8, w: 24, h: 8 },
  }),
];

const brandNew = [
  widget('line', {
    id: 'new-customers',
    title: 'Customers and those new to the brand',
    description: 'People who bought, and those of them who had not for twelve months, per week; the share on the right.',
    queries: [newToBrand({ metrics: ['buyers', 'ntb_buyers', 'ntb_buyer_share'], grain: 'week' })],
    display: { leftAxis: 'Customers', rightAxis: [{ title: 'New-to-brand share of customers' }], colourBy: 'series' },
    place: { x: 0, y: 0, w: 12, h: 9 },
  }),
  widget('table', {
    id: 'new-by-ad-product',
    title: 'Which ads win new customers?',
    description: 'Customers of the newest week by ad product, with the share of new ones.',
    queries: [
      newToBrand({
        ...newest,
        metrics: ['buyers', 'ntb_buyers', 'ntb_buyer_share'],
        dimensions: ['ad_product'],
        orderBy: { by: 'ntb_buyers' },
      }),
    ],
    display: {
      columns: [
        { title: 'Ad product', width: 150 },
        { title: 'New-to-brand customers', bar: true, width: 120 },
      ],
      hide: ['time'],
    },
    place: { x: 12, y: 0, w: 12, h: 9 },
  }),
];

export const audience: Dashboard = {
  uid: 'amc-audience',
  title: 'Audience',
  description: 'Whom the ads reach, how often, by which of them, who buys, and who is new to the brand. People are counted, never added.',
  version: 1,
  time: { from: 'now-13w/w', to: 'now-1w/w' },
  // Counts of two instances cannot be added either.
  filters: [{ ...instance, single: true }],
  events: ['reach_frequency'],
  sections: [
    { widgets: kpis },
    { title: 'Whom do we reach?', widgets: reached },
    { title: 'Do sponsored ads and Amazon DSP reach the same people?', widgets: overlaps },
    { title: 'Who is new?', widgets: brandNew },
  ],
};
