import { metricColours } from '../../look/metric-colours.ts';
import { oneBucket, type Kind } from '../kind.ts';
import type { BarDisplay } from './schema.ts';

/** Bars of one height, however few there are: a bar chart would fill its panel with a single campaign. */
const BAR_HEIGHT = 32;

export const bar: Kind<BarDisplay> = {
  title: 'Bar',
  description: 'One metric by advertisers, ad products, campaigns … as bars with their names, longest first',
  size: { w: 8, h: 9 },
  ready: {
    title: 'Sales by ad product',
    description: 'Sales of the time range by ad product. What Amazon hides for privacy comes last, so that the bars add up.',
    queries: [
      {
        dataset: 'campaign_performance',
        metrics: ['sales'],
        dimensions: ['ad_product'],
        orderBy: { by: 'sales', direction: 'desc' },
        rest: 'show',
      },
    ],
    display: {},
  },
  panel: ({ queries: [query = {}], display: { colour } }, ask) => ({
    type: 'bargauge',
    options: {
      displayMode: 'basic',
      orientation: 'horizontal',
      showUnfilled: false,
      valueMode: 'text',
      namePlacement: 'left',
      sizing: 'manual',
      minVizHeight: 22,
      minVizWidth: 8,
      maxVizHeight: BAR_HEIGHT,
      text: { titleSize: 12, valueSize: 12 },
      reduceOptions: { calcs: [], fields: '', values: true },
    },
    targets: [ask({ ...query, ...oneBucket(query), format: 'table' }, 'A')],
    defaults: { min: 0, ...(colour !== undefined && { color: { mode: 'fixed', fixedColor: colour } }) },
    overrides: colour === undefined ? metricColours() : [],
  }),
};
