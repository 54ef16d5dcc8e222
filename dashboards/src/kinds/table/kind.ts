import type { WidgetQuery } from '@amc-reports/collector-service/contract';
import { byName, byRegexp, ofMetric } from '../../grafana/overrides.ts';
import type { Override } from '../../grafana/panel.ts';
import { changeColours } from '../../look/change-colours.ts';
import { colourOf } from '../../look/metric-colours.ts';
import { oneBucket, type Kind } from '../kind.ts';
import type { TableColumn, TableDisplay } from './schema.ts';

export const table: Kind<TableDisplay> = {
  title: 'Table',
  description: 'Groups with several metrics side by side, to sort and to page through',
  size: { w: 16, h: 12 },
  ready: {
    title: 'Top campaigns',
    description: 'The 50 campaigns with the highest spend in the time range. What Amazon hides for privacy is no campaign and left out.',
    queries: [
      {
        dataset: 'campaign_performance',
        metrics: ['spend', 'sales', 'roas', 'acos', 'purchases'],
        dimensions: ['campaign', 'ad_product'],
        orderBy: { by: 'spend', direction: 'desc' },
        limit: 50,
        rest: 'hide',
      },
    ],
    display: { columns: [{ title: 'Spend', bar: true }] },
  },
  panel: ({ queries: [query = {}], display: { columns = [], hide = [], newestFirst = false } }, ask) => ({
    type: 'table',
    options: {
      cellHeight: 'sm',
      showHeader: true,
      enablePagination: true,
      sortBy: newestFirst ? [{ displayName: titleOfTime(query), desc: true }] : [],
    },
    targets: [ask({ ...oneBucket(query), ...query, format: 'table' }, 'A')],
    // An empty cell is a number that does not exist, such as ACOS without sales.
    defaults: { noValue: '–', custom: { align: 'auto', inspect: false, minWidth: 64, wrapHeaderText: true } },
    overrides: [
      byName('time', { displayName: titleOfTime(query), unit: 'time:YYYY-MM-DD', 'custom.width': 110 }),
      ...columns.map(overrideOf),
    ],
    ...(hide.length > 0 && {
      transformations: [{ id: 'organize', options: { excludeByName: Object.fromEntries(hide.map((title) => [title, true])) } }],
    }),
  }),
};

const titleOfTime = ({ grain = 'auto' }: WidgetQuery) => ({ day: 'Day', week: 'Week', month: 'Month' })[grain as string] ?? 'From';

function overrideOf({ title, width, bar, change }: TableColumn): Override {
  const properties = {
    ...(width !== undefined && { 'custom.width': width }),
    ...(bar && {
      'custom.cellOptions': { type: 'gauge', mode: 'basic', valueDisplayMode: 'text' },
      min: 0,
      fieldMinMax: true,
      color: { mode: 'fixed', fixedColor: colourOf(title) },
    }),
    ...(change && { ...changeColours(change), 'custom.cellOptions': { type: 'color-text' } }),
  };
  return bar || change ? byRegexp(ofMetric(title), properties) : byName(title, properties);
}
