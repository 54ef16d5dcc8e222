import { dashboard } from './dashboard.ts';
import { barchart, bargauge, byName, byQuery, byRegexp, changeColours, row, stat, table, timeseries, type Panel } from './panel.ts';
import { campaignPerformance, freshness } from './target.ts';
import { variable } from './variables.ts';

interface Kpi {
  metric: string;
  title: string;
  description: string;
  better: 'up' | 'down' | 'neutral';
}

const KPIS: Kpi[] = [
  { metric: 'spend', title: 'Spend', description: 'Cost of sponsored ads and Amazon DSP', better: 'neutral' },
  { metric: 'sales', title: 'Sales', description: 'Product sales attributed to the traffic', better: 'up' },
  { metric: 'roas', title: 'ROAS', description: 'Sales for each unit of spend', better: 'up' },
  { metric: 'acos', title: 'ACOS', description: 'Spend as a share of sales', better: 'down' },
  { metric: 'ctr', title: 'CTR', description: 'Clicks per impression', better: 'up' },
  { metric: 'ntb_rate', title: 'New-to-brand share', description: 'Share of purchases by shoppers new to the brand', better: 'up' },
];

/** The total over the range, its change since the range before, and the weeks as a sparkline. */
const kpi = ({ metric, title, description, better }: Kpi, index: number): Panel =>
  stat(
    {
      title,
      description: `${description}. The selected time range, its change since the range of equal length before, and the newest week with all weeks as a line.`,
      at: { x: index * 4, y: 0, w: 4, h: 7 },
      targets: [
        campaignPerformance('A', { metrics: [metric], grain: 'total', format: 'table', compare: 'previous_period' }),
        campaignPerformance('B', { metrics: [metric], grain: 'week', format: 'timeseries' }),
      ],
      transformations: [{ id: 'filterFieldsByName', options: { exclude: { pattern: '/\\(previous\\)/' } } }],
      defaults: { color: { mode: 'fixed', fixedColor: 'text' } },
      overrides: [
        byRegexp('/change$/', { displayName: 'vs. before', ...changeColours(better) }),
        byRegexp(`/^${title}( \\(|$)/`, { displayName: 'Selected range' }),
        byQuery('B', { displayName: 'Newest week', color: { mode: 'fixed', fixedColor: 'blue' } }),
      ],
    },
    { colorMode: 'value' },
  );

const overview: Panel[] = [
  timeseries({
    title: 'Spend and sales',
    description: 'Per week, one line per currency: money of different currencies is never added.',
    at: { x: 0, y: 7, w: 12, h: 9 },
    targets: [campaignPerformance('A', { metrics: ['spend', 'sales'], grain: 'week' })],
  }),
  timeseries({
    title: 'ROAS and ACOS',
    description: 'Both from the same sums, per week. ACOS on the right axis; empty where there were no sales.',
    at: { x: 12, y: 7, w: 12, h: 9 },
    targets: [campaignPerformance('A', { metrics: ['roas', 'acos'], grain: 'week' })],
    overrides: [byRegexp('/ACOS/', { 'custom.axisPlacement': 'right' })],
  }),
];

const funnel: Panel[] = [
  bargauge(
    {
      title: 'Funnel',
      description: 'From ads shown to orders, over the selected range.',
      at: { x: 0, y: 17, w: 8, h: 9 },
      targets: [
        campaignPerformance('A', {
          metrics: ['impressions', 'clicks', 'detail_page_views', 'add_to_carts', 'purchases'],
          grain: 'total',
          format: 'table',
        }),
      ],
      defaults: { color: { mode: 'continuous-BlPu' }, min: 0 },
    },
    {},
  ),
  timeseries({
    title: 'Funnel by week',
    description: 'Counts per week on a logarithmic axis.',
    at: { x: 8, y: 17, w: 8, h: 9 },
    targets: [
      campaignPerformance('A', { metrics: ['impressions', 'clicks', 'detail_page_views', 'add_to_carts', 'purchases'], grain: 'week' }),
    ],
    custom: { scaleDistribution: { type: 'log', log: 10 }, fillOpacity: 0 },
  }),
  timeseries({
    title: 'Rates by week',
    description: 'Click-through, detail page view, add-to-cart and conversion rate. CVR on the right axis.',
    at: { x: 16, y: 17, w: 8, h: 9 },
    targets: [campaignPerformance('A', { metrics: ['ctr', 'dpvr', 'atcr', 'cvr'], grain: 'week' })],
    custom: { fillOpacity: 0 },
    overrides: [byRegexp('/CVR/', { 'custom.axisPlacement': 'right' })],
  }),
];

const openCampaign = {
  title: 'Only this campaign',
  url: '/d/amc-performance/performance?${__url_time_range}&${instance:queryparam}&${currency:queryparam}&var-campaign=${__data.fields.Campaign:percentencode}',
};

const breakdown: Panel[] = [
  barchart(
    {
      title: 'By ad product',
      description: 'Spend and sales of the selected range by ad product. What Amazon hid comes last, so that the bars add up to the whole.',
      at: { x: 0, y: 27, w: 8, h: 12 },
      targets: [
        campaignPerformance('A', {
          metrics: ['spend', 'sales'],
          dimensions: ['ad_product'],
          grain: 'total',
          format: 'table',
          orderBy: { by: 'spend', direction: 'desc' },
          rest: 'show',
        }),
      ],
    },
    { xField: 'Ad product' },
  ),
  table(
    {
      title: 'Top campaigns',
      description:
        'The 50 campaigns with the highest spend in the selected range. What Amazon hid is no campaign and left out; the notice says how much it is. Click a name to see only that campaign.',
      at: { x: 8, y: 27, w: 16, h: 12 },
      targets: [
        campaignPerformance('A', {
          metrics: ['spend', 'sales', 'roas', 'acos', 'ctr', 'purchases', 'ntb_rate'],
          dimensions: ['campaign', 'advertiser', 'ad_product'],
          grain: 'total',
          format: 'table',
          orderBy: { by: 'spend', direction: 'desc' },
          limit: 50,
          rest: 'hide',
        }),
      ],
      overrides: [
        byName('Campaign', { links: [openCampaign], 'custom.width': 220 }),
        byName('Advertiser', { 'custom.width': 140 }),
        byName('Ad product', { 'custom.width': 140 }),
      ],
    },
    { sortBy: [] },
  ),
];

const AGE_COLOURS = {
  incomplete: { color: 'red', text: 'Incomplete' },
  provisional: { color: 'orange', text: 'Provisional' },
  settling: { color: 'yellow', text: 'Settling' },
  final: { color: 'green', text: 'Final' },
};

const trust: Panel[] = [
  stat(
    {
      title: 'Data as of',
      description: 'When the newest week was collected.',
      at: { x: 0, y: 40, w: 4, h: 4 },
      targets: [freshness('A')],
      transformations: [{ id: 'filterFieldsByName', options: { include: { names: ['Collected'] } } }],
      defaults: { unit: 'dateTimeFromNow' },
    },
    { graphMode: 'none', textMode: 'value', reduceOptions: { calcs: ['max'], fields: '/.*/', values: false } },
  ),
  stat(
    {
      title: 'Weeks still settling',
      description: 'Weeks whose numbers Amazon may still change: attribution closes after 14 days, corrections come for up to 60.',
      at: { x: 0, y: 44, w: 4, h: 4 },
      targets: [freshness('A')],
      transformations: [
        {
          id: 'filterByValue',
          options: { type: 'exclude', match: 'any', filters: [{ fieldName: 'Age', config: { id: 'equal', options: { value: 'final' } } }] },
        },
        { id: 'filterFieldsByName', options: { include: { names: ['Rows'] } } },
      ],
      defaults: { unit: 'short', noValue: '0' },
    },
    { graphMode: 'none', textMode: 'value', reduceOptions: { calcs: ['count'], fields: '/.*/', values: false } },
  ),
  table(
    {
      title: 'Weeks',
      description:
        'Every week in the selected range: whether it is served, how sure its numbers are, and how often Amazon has restated it.',
      at: { x: 4, y: 40, w: 20, h: 8 },
      targets: [freshness('A')],
      transformations: [{ id: 'organize', options: { excludeByName: { Dataset: true } } }],
      overrides: [
        byName('Week', { unit: 'time:YYYY-MM-DD', 'custom.width': 110 }),
        byName('Age', { mappings: [{ type: 'value', options: AGE_COLOURS }], 'custom.cellOptions': { type: 'color-text' } }),
        byName('Collected', { unit: 'dateTimeFromNow' }),
      ],
    },
    { sortBy: [{ displayName: 'Week', desc: true }] },
  ),
];

const values = (dimension: string) => ({
  refId: 'values',
  version: 2 as const,
  kind: 'values' as const,
  dataset: 'campaign_performance',
  dimension,
});

export const performance = dashboard({
  uid: 'amc-performance',
  title: 'Performance',
  description:
    'Spend, sales and what they return: KPIs with comparison, trends, funnel, ad products, campaigns, and how fresh and whole the data is.',
  version: 1,
  from: 'now-26w/w',
  variables: [
    variable('instance', { refId: 'instances', version: 2, kind: 'instances' }, { label: 'Instance', description: 'AMC instances' }),
    variable(
      'currency',
      { refId: 'currencies', version: 2, kind: 'currencies' },
      { label: 'Currency', description: 'Money is shown in one currency at a time; counts are not filtered by it', single: true },
    ),
    variable('advertiser', values('advertiser'), { label: 'Advertiser', description: 'Advertisers of the chosen instances' }),
    variable('ad_product', values('ad_product'), { label: 'Ad product', description: 'Sponsored ads types and Amazon DSP' }),
    variable(
      'campaign',
      {
        ...values('campaign'),
        filters: [
          { dimension: 'advertiser', operator: 'in', values: ['$advertiser'] },
          { dimension: 'ad_product', operator: 'in', values: ['$ad_product'] },
        ],
      },
      { label: 'Campaign', description: 'Campaigns of the chosen advertisers and ad products' },
    ),
  ],
  panels: [
    ...KPIS.map(kpi),
    ...overview,
    row('Funnel', 16),
    ...funnel,
    row('Where it comes from', 26),
    ...breakdown,
    row('How fresh and whole the data is', 39),
    ...trust,
  ],
});
