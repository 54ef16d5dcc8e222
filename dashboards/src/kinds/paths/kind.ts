import { byName, byRegexp, ofMetric } from '../../grafana/overrides.ts';
import { colourOf } from '../../look/metric-colours.ts';
import { oneBucket, type Kind } from '../kind.ts';
import type { PathsDisplay } from './schema.ts';

export const paths: Kind<PathsDisplay> = {
  title: 'Paths',
  description: 'Orders in which people met the ads before they bought, with how many did',
  size: { w: 24, h: 12 },
  ready: {
    title: 'Paths to purchase',
    description: 'In which order people met ad products before they bought, the paths with the most purchases first.',
    queries: [
      {
        dataset: 'conversion_paths',
        metrics: ['path_purchases', 'path_sales', 'path_roas'],
        dimensions: ['path'],
        orderBy: { by: 'path_purchases', direction: 'desc' },
        limit: 50,
        rest: 'hide',
      },
    ],
    display: { path: 'Path', weight: 'Purchases' },
  },
  panel: ({ queries: [query = {}], display: { path, weight } }, ask) => ({
    type: 'table',
    options: { cellHeight: 'sm', showHeader: true, enablePagination: true, sortBy: [] },
    targets: [ask({ ...oneBucket(query), ...query, format: 'table' }, 'A')],
    defaults: { noValue: '–', custom: { align: 'auto', minWidth: 64, wrapHeaderText: true } },
    overrides: [
      byName(path, { 'custom.minWidth': 320 }),
      byRegexp(ofMetric(weight), {
        'custom.cellOptions': { type: 'gauge', mode: 'basic', valueDisplayMode: 'text' },
        'custom.width': 240,
        min: 0,
        fieldMinMax: true,
        color: { mode: 'fixed', fixedColor: colourOf(weight) },
      }),
    ],
  }),
};
