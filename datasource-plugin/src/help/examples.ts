import type { AmcQuery } from '../query';

export interface Example {
  title: string;
  text: string;
  query: Partial<AmcQuery>;
}

const campaigns = { queryType: 'metrics', dataset: 'campaign_performance', instances: [], filters: [] } satisfies Partial<AmcQuery>;

/** Questions that people ask most, ready to run. */
export const EXAMPLES: readonly Example[] = [
  {
    title: 'Spend and sales by week',
    text: 'The classic chart: what went in, what came out.',
    query: { ...campaigns, metrics: ['spend', 'sales'], grain: 'week', format: 'timeseries' },
  },
  {
    title: 'ROAS by ad product',
    text: 'One line per ad product; ratios come from sums, never from averages of ratios.',
    query: { ...campaigns, metrics: ['roas'], dimensions: ['ad_product'], grain: 'week', format: 'timeseries' },
  },
  {
    title: 'KPIs against the period before',
    text: 'One number per metric with its change, for stat panels.',
    query: { ...campaigns, metrics: ['spend', 'sales', 'roas', 'acos'], grain: 'total', compare: 'previous_period', format: 'numeric' },
  },
  {
    title: 'Top 20 campaigns',
    text: 'A table, largest spend first.',
    query: {
      ...campaigns,
      metrics: ['spend', 'sales', 'roas', 'ntb_rate'],
      dimensions: ['campaign', 'ad_product'],
      grain: 'total',
      format: 'table',
      orderBy: { by: 'spend', direction: 'desc' },
      limit: 20,
      rest: 'hide',
    },
  },
  {
    title: 'People reached',
    text: 'A distinct count: per week or month, and only by the breakdowns that Amazon counted.',
    query: {
      queryType: 'metrics',
      dataset: 'reach_frequency',
      metrics: ['reach', 'frequency'],
      instances: [],
      filters: [],
      grain: 'week',
      format: 'timeseries',
    },
  },
  {
    title: 'Reach of the newest 4 weeks',
    text: 'People are never added up, so longer windows are executions of their own: 4 weeks, 13 weeks, months.',
    query: {
      queryType: 'metrics',
      dataset: 'reach_frequency_4_weeks',
      metrics: ['reach', 'frequency'],
      instances: [],
      filters: [],
      latest: true,
      format: 'numeric',
    },
  },
  {
    title: 'ACOS for an alert',
    text: 'The newest complete week per ad product: one number per series, as a rule needs it.',
    query: { ...campaigns, metrics: ['acos'], dimensions: ['ad_product'], grain: 'week', latest: true, rest: 'hide', format: 'numeric' },
  },
  {
    title: 'How weeks grow',
    text: 'How much of the final sales was there when weeks were 3, 7, 14 … days old: what a young week is worth.',
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
    title: 'Which weeks are settled',
    text: 'The state of every week: collected, still changing, final.',
    query: { queryType: 'freshness', instances: [], format: 'table' },
  },
];
