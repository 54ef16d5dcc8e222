import { byName, byRegexp, ofMetric } from '../../grafana/overrides.ts';
import { oneBucket, type Kind } from '../kind.ts';
import type { OverlapDisplay } from './schema.ts';

export const overlap: Kind<OverlapDisplay> = {
  title: 'Overlap',
  description: 'People reached by one kind of ads, by another, or by both, and what they did',
  size: { w: 12, h: 9 },
  ready: {
    title: 'Sponsored ads and Amazon DSP',
    description: 'People reached in the newest week by sponsored ads only, by Amazon DSP only, and by both; nobody is in two groups.',
    queries: [
      {
        dataset: 'audience_overlap',
        metrics: ['overlap_reach', 'overlap_purchase_rate'],
        dimensions: ['exposure_group'],
        latest: true,
        rest: 'hide',
      },
    ],
    display: { group: 'Ads seen, two ways', people: 'People reached' },
    // People of several advertisers cannot be added, and a currency chooses advertisers.
    filters: 'instances',
  },
  panel: ({ queries: [query = {}], display: { group, people } }, ask) => ({
    type: 'table',
    options: { cellHeight: 'md', showHeader: true, enablePagination: false, sortBy: [] },
    targets: [ask({ ...oneBucket(query), ...query, format: 'table' }, 'A')],
    // Of the newest week there is one time, which the title or the description tells.
    transformations: [{ id: 'organize', options: { excludeByName: { time: true } } }],
    defaults: { noValue: '–', custom: { align: 'auto', minWidth: 64, wrapHeaderText: true } },
    overrides: [
      byName(group, { 'custom.width': 190, 'custom.cellOptions': { type: 'auto', wrapText: true } }),
      byRegexp(ofMetric(people), {
        'custom.cellOptions': { type: 'gauge', mode: 'basic', valueDisplayMode: 'text' },
        'custom.width': 130,
        min: 0,
        fieldMinMax: true,
        color: { mode: 'fixed', fixedColor: 'orange' },
      }),
    ],
  }),
};
