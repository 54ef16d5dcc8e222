import { byName, ofTime } from '../../grafana/overrides.ts';
import type { Kind } from '../kind.ts';
import type { FreshnessDisplay } from './schema.ts';

/** Ages as filled cells with Grafana's own contrast, which text in these colours lacks on light ground. */
const AGES = {
  incomplete: { index: 0, color: 'red', text: 'Missing' },
  provisional: { index: 1, color: 'dark-orange', text: 'Provisional' },
  settling: { index: 2, color: 'dark-yellow', text: 'Settling' },
  final: { index: 3, color: 'green', text: 'Final' },
};
const mappings = [{ type: 'value', options: AGES }];

export const freshness: Kind<FreshnessDisplay> = {
  title: 'Freshness',
  description: 'Which weeks are there and how sure their numbers are: provisional, settling or final',
  size: { w: 24, h: 5 },
  ready: {
    title: 'Weeks and how sure they are',
    description:
      'A cell per week: missing, provisional (up to 14 days old), settling (Amazon may still correct it), or final after 60 days.',
    queries: [{ queryType: 'freshness', dataset: 'campaign_performance' }],
    display: { as: 'weeks' },
  },
  panel: ({ queries: [query], display }, ask) => {
    const targets = [ask({ ...query, queryType: 'freshness', format: 'table' }, 'A')];
    return display.as === 'weeks' ? { ...weeks, targets } : { ...rows, targets };
  },
};

const weeks = {
  type: 'status-history',
  // Short, since each cell has a date below it.
  overrides: [ofTime({ unit: 'time:MM/DD' })],
  options: {
    showValue: 'never',
    rowHeight: 0.8,
    colWidth: 0.95,
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
    tooltip: { mode: 'single', sort: 'none' },
  },
  defaults: { mappings, color: { mode: 'fixed', fixedColor: 'text' }, custom: { fillOpacity: 90, lineWidth: 0 } },
  transformations: [
    { id: 'filterFieldsByName', options: { include: { names: ['Week', 'Instance', 'Dataset', 'Age'] } } },
    { id: 'partitionByValues', options: { fields: ['Dataset', 'Instance'], keepFields: false, naming: { asLabels: true } } },
    { id: 'renameByRegex', options: { regex: '^.*Dataset="([^"]*)", Instance="([^"]*)".*$', renamePattern: '$1, $2' } },
  ],
};

const rows = {
  type: 'table',
  options: { cellHeight: 'sm', showHeader: true, enablePagination: true, sortBy: [{ displayName: 'Week', desc: true }] },
  defaults: { noValue: '–', custom: { align: 'auto', minWidth: 64, wrapHeaderText: true } },
  overrides: [
    byName('Week', { unit: 'time:YYYY-MM-DD', 'custom.width': 110 }),
    byName('Age', { mappings, 'custom.cellOptions': { type: 'color-background', mode: 'basic' }, 'custom.width': 110 }),
    byName('Collected', { unit: 'dateTimeFromNow' }),
  ],
};
