import { byRegexp } from '../../grafana/overrides.ts';
import type { Kind } from '../kind.ts';
import type { FunnelDisplay } from './schema.ts';

const COUNT = 'Count';
const RATE = 'Of the step before';

export const funnel: Kind<FunnelDisplay> = {
  title: 'Funnel',
  description: 'Steps from ads shown to purchases: how many each had, and which share of the step before',
  size: { w: 8, h: 9 },
  ready: {
    title: 'Funnel',
    description: 'From ads shown to purchases over the time range, with the share of each step in the one before.',
    queries: [{ dataset: 'campaign_performance' }],
    display: {
      steps: [
        { metric: 'impressions', title: 'Impressions' },
        { metric: 'clicks', title: 'Clicks' },
        { metric: 'detail_page_views', title: 'Detail page views' },
        { metric: 'add_to_carts', title: 'Add to carts' },
        { metric: 'purchases', title: 'Purchases' },
      ],
    },
  },
  /** Grafana has no funnel: the counts and the rates, one row each, are turned and put side by side as a table with bars. */
  panel: ({ queries: [query], display: { steps } }, ask) => ({
    type: 'table',
    options: { cellHeight: 'md', showHeader: true, enablePagination: false, sortBy: [] },
    targets: [
      ask({ ...query, metrics: steps.map(({ metric }) => metric), grain: 'total', format: 'table' }, 'A'),
      ask({ ...query, metrics: [], calculated: ratesOf(steps), grain: 'total', format: 'table' }, 'B'),
    ],
    transformations: [
      { id: 'transpose', filter: { id: 'byRefId', options: 'A' }, options: { firstFieldName: 'Step', restFieldsName: COUNT } },
      { id: 'transpose', filter: { id: 'byRefId', options: 'B' }, options: { firstFieldName: 'Step', restFieldsName: RATE } },
      { id: 'joinByField', options: { byField: 'Step', mode: 'outer' } },
    ],
    defaults: { custom: { align: 'auto', minWidth: 64, wrapHeaderText: true } },
    overrides: [
      byRegexp(`/^${COUNT}/`, {
        displayName: COUNT,
        unit: 'short',
        min: 0,
        color: { mode: 'fixed', fixedColor: 'blue' },
        'custom.cellOptions': { type: 'gauge', mode: 'basic', valueDisplayMode: 'text' },
      }),
      byRegexp(`/^${RATE}/`, { displayName: RATE, unit: 'percentunit', decimals: 2, noValue: '–', 'custom.width': 100 }),
    ],
  }),
};

/** Named after the step that they lead to, so that they find their row. */
const ratesOf = (steps: FunnelDisplay['steps']) =>
  steps.slice(1).map(({ metric, title }, index) => ({
    name: `rate_${index + 1}`,
    title,
    expression: `${metric} / ${steps[index]?.metric ?? ''}`,
    unit: 'percent' as const,
  }));
