import type { AmcQuery } from '../query';
import { words } from '../words';

export interface Example {
  /** Lasting name, for tests and links. */
  name: string;
  title: string;
  text: string;
  query: Partial<AmcQuery>;
}

const campaigns = { queryType: 'metrics', dataset: 'campaign_performance', instances: [], filters: [] } satisfies Partial<AmcQuery>;
const people = { queryType: 'metrics', instances: [], filters: [] } satisfies Partial<AmcQuery>;

/** Questions that people ask most, ready to run: every query type and every field of the builder is in one of them. */
export const examples = (): Example[] => [
  {
    name: 'series',
    title: words('example.series', 'Spend and sales by week'),
    text: words('example.series-text', 'The classic chart: what went in, what came out.'),
    query: { ...campaigns, metrics: ['spend', 'sales'], grain: 'week', format: 'timeseries' },
  },
  {
    name: 'ratio',
    title: words('example.ratio', 'ROAS by ad product'),
    text: words('example.ratio-text', 'One line per ad product; ratios come from sums, never from averages of ratios.'),
    query: {
      ...campaigns,
      metrics: ['roas'],
      dimensions: ['ad_product'],
      grain: 'week',
      format: 'timeseries',
      legend: '{{metric}} {{ad_product}}',
    },
  },
  {
    name: 'kpis',
    title: words('example.kpis', 'KPIs against the period before'),
    text: words('example.kpis-text', 'One number per metric with its change, for stat panels.'),
    query: { ...campaigns, metrics: ['spend', 'sales', 'roas', 'acos'], grain: 'total', compare: 'previous_period', format: 'numeric' },
  },
  {
    name: 'top',
    title: words('example.top', 'Top 20 campaigns, and the others in one row'),
    text: words('example.top-text', 'A table, largest spend first; what is beyond the limit is added up in the last row.'),
    query: {
      ...campaigns,
      metrics: ['spend', 'sales', 'roas', 'ntb_rate'],
      dimensions: ['campaign', 'ad_product'],
      grain: 'total',
      format: 'table',
      orderBy: { by: 'spend', direction: 'desc' },
      limit: 20,
      others: true,
      rest: 'hide',
    },
  },
  {
    name: 'calculated',
    title: words('example.calculated', 'Profit per click, of campaigns that cost something'),
    text: words('example.calculated-text', 'A metric of your own from others, and a filter on a metric.'),
    query: {
      ...campaigns,
      metrics: ['spend', 'sales'],
      calculated: [
        {
          name: 'profit_per_click',
          title: words('example.profit', 'Profit per click'),
          expression: '(sales - spend) / clicks',
          unit: 'currency',
          better: 'up',
        },
      ],
      metricFilters: [{ metric: 'spend', operator: '>', value: 100 }],
      dimensions: ['campaign'],
      grain: 'total',
      format: 'table',
      rest: 'hide',
    },
  },
  {
    name: 'share',
    title: words('example.share', 'Share of spend by ad product'),
    text: words('example.share-text', 'Of the total of all groups, within a currency.'),
    query: { ...campaigns, metrics: ['spend'], dimensions: ['ad_product'], grain: 'week', transform: 'share', format: 'timeseries' },
  },
  {
    name: 'average',
    title: words('example.average', 'ROAS smoothed over four weeks, with a goal'),
    text: words('example.average-text', 'A moving average of a ratio is the ratio of the sums; the goal is a dashed line.'),
    query: {
      ...campaigns,
      metrics: ['roas'],
      grain: 'week',
      transform: 'moving_average',
      movingAverage: { points: 4 },
      goals: [{ metric: 'roas', value: 4 }],
      format: 'timeseries',
    },
  },
  {
    name: 'cumulative',
    title: words('example.cumulative', 'Spend so far, beside last year'),
    text: words('example.cumulative-text', 'Added up from the first bucket of the range, compared by the same weekdays.'),
    query: { ...campaigns, metrics: ['spend'], grain: 'week', transform: 'cumulative', compare: 'previous_year', format: 'timeseries' },
  },
  {
    name: 'people',
    title: words('example.people', 'People reached'),
    text: words('example.people-text', 'A distinct count: per week or month, and only by the breakdowns that Amazon counted.'),
    query: { ...people, dataset: 'reach_frequency', metrics: ['reach', 'frequency'], grain: 'week', format: 'timeseries' },
  },
  {
    name: 'window',
    title: words('example.window', 'Reach of the newest 4 weeks'),
    text: words(
      'example.window-text',
      'People are never added up, so longer windows are executions of their own: 4 weeks, 13 weeks, months.',
    ),
    query: { ...people, dataset: 'reach_frequency_4_weeks', metrics: ['reach', 'frequency'], latest: true, format: 'numeric' },
  },
  {
    name: 'alert',
    title: words('example.alert', 'ACOS for an alert'),
    text: words('example.alert-text', 'The newest complete week per ad product: one number per series, as a rule needs it.'),
    query: { ...campaigns, metrics: ['acos'], dimensions: ['ad_product'], grain: 'week', latest: true, rest: 'hide', format: 'numeric' },
  },
  {
    name: 'growth',
    title: words('example.growth', 'How weeks grow'),
    text: words(
      'example.growth-text',
      'How much of the final sales was there when weeks were 3, 7, 14 … days old: what a young week is worth.',
    ),
    query: {
      queryType: 'week_growth',
      dataset: 'campaign_performance',
      metrics: ['sales'],
      instances: [],
      grain: 'total',
      format: 'table',
    },
  },
  {
    name: 'freshness',
    title: words('example.freshness', 'Which weeks are settled'),
    text: words('example.freshness-text', 'The state of every week: collected, still changing, final.'),
    query: { queryType: 'freshness', instances: [], format: 'table' },
  },
  {
    name: 'restatements',
    title: words('example.restatements', 'What Amazon changed'),
    text: words('example.restatements-text', 'One row per week that changed after it was first shown.'),
    query: { queryType: 'restatements', instances: [], format: 'table' },
  },
  {
    name: 'health',
    title: words('example.health', 'How collecting stands'),
    text: words('example.health-text', 'Weeks complete, missing, failed, held and late; as numbers for alert rules.'),
    query: { queryType: 'collection_health', instances: [], format: 'table' },
  },
  {
    name: 'runs',
    title: words('example.runs', 'Log of runs'),
    text: words('example.runs-text', 'Every attempt to obtain a week, with what went wrong.'),
    query: { queryType: 'runs', instances: [] },
  },
  {
    name: 'events',
    title: words('example.events', 'Events'),
    text: words('example.events-text', 'Restated, failed and held weeks in one list, as annotations show them.'),
    query: { queryType: 'events', instances: [], format: 'table' },
  },
];
