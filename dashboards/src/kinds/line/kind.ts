import { byRegexp, ofMetric } from '../../grafana/overrides.ts';
import { metricColours } from '../../look/metric-colours.ts';
import { refIdOf, type Kind } from '../kind.ts';
import type { LineDisplay } from './schema.ts';

export const line: Kind<LineDisplay> = {
  title: 'Line',
  description: 'How metrics, or one metric by groups, develop by day, week or month',
  size: { w: 12, h: 9 },
  ready: {
    title: 'Spend and sales',
    description: 'Per week, one line per currency: money of different currencies is never added.',
    queries: [{ dataset: 'campaign_performance', metrics: ['spend', 'sales'], grain: 'week' }],
    display: {},
  },
  panel: ({ queries, display }, ask) => ({
    type: 'timeseries',
    options: {
      legend: { displayMode: 'list', placement: 'bottom', showLegend: true, calcs: [] },
      tooltip: { mode: 'multi', sort: 'none' },
    },
    targets: queries.map((query, index) => ask({ ...query, format: 'timeseries' }, refIdOf(index))),
    defaults: { custom: customOf(display) },
    overrides: [
      ...(display.colourBy === 'series' ? [] : metricColours()),
      byRegexp('/\\(previous\\)$/', {
        'custom.lineStyle': { fill: 'dash', dash: [6, 6] },
        'custom.lineWidth': 1,
        'custom.fillOpacity': 0,
        'custom.drawStyle': 'line',
      }),
      ...(display.rightAxis ?? []).map(({ title }, index) =>
        byRegexp(ofMetric(title), { 'custom.axisPlacement': 'right', ...(index === 0 && { 'custom.axisLabel': title }) }),
      ),
    ],
  }),
};

/** A point per bucket, since a week is one number and not what lies between two; a gap stays a gap. */
const customOf = ({ style = 'line', stacked, scale, leftAxis = '' }: LineDisplay) => ({
  drawStyle: style === 'bars' ? 'bars' : 'line',
  lineWidth: style === 'bars' ? 0 : 2,
  fillOpacity: { line: 0, area: 25, bars: 70 }[style],
  showPoints: style === 'bars' ? 'never' : 'auto',
  pointSize: 5,
  spanNulls: false,
  axisLabel: leftAxis,
  axisSoftMin: 0,
  barMaxWidth: 48,
  stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
  scaleDistribution: scale === 'log' ? { type: 'log', log: 10 } : { type: 'linear' },
});
