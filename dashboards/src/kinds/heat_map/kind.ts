import { byName } from '../../grafana/overrides.ts';
import { oneBucket, type Kind } from '../kind.ts';
import type { HeatMapDisplay } from './schema.ts';

export const heatMap: Kind<HeatMapDisplay> = {
  title: 'Heat map',
  description: 'One metric by two dimensions as coloured cells, to find where it is high',
  size: { w: 12, h: 9 },
  ready: {
    title: 'Spend by advertiser and ad product',
    description: 'Spend of the time range: the darker a cell, the more.',
    queries: [{ dataset: 'campaign_performance', metrics: ['spend'], dimensions: ['advertiser', 'ad_product'], rest: 'hide' }],
    display: { rows: 'Advertiser', columns: 'Ad product', value: 'Spend' },
  },
  /** Grafana's heat map wants time on one side; a table with coloured cells does not. */
  panel: ({ queries: [query = {}], display: { rows, columns, value } }, ask) => ({
    type: 'table',
    options: { cellHeight: 'sm', showHeader: true, enablePagination: false, sortBy: [] },
    targets: [ask({ ...oneBucket(query), ...query, format: 'table' }, 'A')],
    // Not "Grouping to matrix": it names every column after the metric, since that is what the data source calls the field. Partitions
    // append the column's value to every name, the rows' too.
    transformations: [
      { id: 'partitionByValues', options: { fields: [columns], keepFields: false, naming: { asLabels: true } } },
      { id: 'renameByRegex', options: { regex: `^${rows} .*$`, renamePattern: rows } },
      { id: 'joinByField', options: { byField: rows, mode: 'outer' } },
      { id: 'renameByRegex', options: { regex: `^${value}(?: \\(\\w+\\))? (.*)$`, renamePattern: '$1' } },
      // Money has a currency beside it: {Ad product="Amazon DSP", currency="USD"}.
      { id: 'renameByRegex', options: { regex: `^.*${columns}="([^"]*)".*$`, renamePattern: '$1' } },
    ],
    defaults: {
      noValue: '–',
      color: { mode: 'continuous-blues' },
      custom: { align: 'auto', minWidth: 48, wrapHeaderText: true, cellOptions: { type: 'color-background', mode: 'basic' } },
    },
    overrides: [byName(rows, { 'custom.cellOptions': { type: 'auto' }, 'custom.width': 160 })],
  }),
};
