import type { WidgetQuery } from '@amc-reports/collector-service/contract';
import { colourOf } from '../../look/metric-colours.ts';
import { oneBucket, type Kind } from '../kind.ts';
import type { KpiDisplay } from './schema.ts';

/** The panel of the app's package: Grafana's own stat panel cannot compare with a number of another query. */
const PANEL = 'amcreports-kpi-panel';

export const kpi: Kind<KpiDisplay> = {
  title: 'KPI',
  description: 'One number over the time range, compared with the range before, and its way as a small line',
  size: { w: 4, h: 5 },
  ready: {
    title: 'Spend',
    description: 'Cost of sponsored ads and Amazon DSP in the time range, against the range of equal length before.',
    queries: [{ dataset: 'campaign_performance', metrics: ['spend'] }],
    display: { better: 'neutral' },
  },
  /** The widget has one query; the number, its comparison and its line are three ways to ask it. */
  panel: ({ title, queries: [query = {}], display: { better, trend = 'week' } }, ask) => ({
    type: PANEL,
    options: { better },
    defaults: { color: { mode: 'fixed', fixedColor: colourOf(title) } },
    targets: [
      ask({ compare: 'previous_period', ...query, ...oneBucket(query), format: 'numeric' }, 'A'),
      ...(trend === 'none' ? [] : [ask({ ...line(query), grain: trend, format: 'timeseries' }, 'B')]),
    ],
  }),
};

/** What the line shows is every bucket and is not compared. */
const line = ({ compare: _, latest: __, ...query }: WidgetQuery): WidgetQuery => query;
