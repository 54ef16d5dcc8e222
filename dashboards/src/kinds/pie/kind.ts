import { oneBucket, type Kind } from '../kind.ts';
import type { PieDisplay } from './schema.ts';

export const pie: Kind<PieDisplay> = {
  title: 'Pie',
  description: 'Shares of a whole, for up to about seven parts; with more, bars read better',
  size: { w: 8, h: 9 },
  ready: {
    title: 'Share of spend',
    description: 'Spend of the time range by ad product, with its share of all.',
    queries: [
      {
        dataset: 'campaign_performance',
        metrics: ['spend'],
        dimensions: ['ad_product'],
        orderBy: { by: 'spend', direction: 'desc' },
        rest: 'show',
      },
    ],
    display: {},
  },
  panel: ({ queries: [query = {}], display: { shape = 'donut' } }, ask) => ({
    type: 'piechart',
    options: {
      pieType: shape,
      displayLabels: ['percent'],
      legend: { displayMode: 'table', placement: 'right', showLegend: true, values: ['value'] },
      reduceOptions: { calcs: [], fields: '', values: true },
      tooltip: { mode: 'single', sort: 'none' },
    },
    targets: [ask({ ...query, ...oneBucket(query), format: 'table' }, 'A')],
  }),
};
