import type { Field, Frame, Notice } from '../../../contract/frame.ts';
import { PLACEHOLDER } from '../ask/check-query.ts';
import { unitConfig } from './grafana-unit.ts';
import type { MetricsResult, ResultColumn } from '../result.ts';

type FrameMeta = Frame['schema']['meta'];
export type FrameType = FrameMeta['type'];

/** Version of Grafana's data plane contract; without one alerting guesses what a frame means. */
const TYPE_VERSION: [number, number] = [0, 1];

/** One frame. `meta` and `name` are added to the schema; values are column by column. */
export function makeFrame(
  refId: string,
  type: FrameType,
  fields: Field[],
  values: Frame['data']['values'],
  more: { name?: string; meta?: Partial<FrameMeta> } = {},
): Frame {
  const { name, meta } = more;
  return {
    schema: { refId, ...(name !== undefined && { name }), meta: { type, typeVersion: TYPE_VERSION, ...meta }, fields },
    data: { values },
  };
}

export const noticesMeta = (notices: readonly Notice[]): Partial<FrameMeta> => (notices.length > 0 ? { notices: [...notices] } : {});

/** What the first frame says of the whole answer. Only the first: Grafana would show a notice once per frame. */
export const answerMeta = (result: MetricsResult): Partial<FrameMeta> => ({
  ...noticesMeta(result.notices),
  ...(result.executed !== '' && { executedQueryString: result.executed }),
  custom: { freshness: result.freshness, grain: result.grain, covers: result.covers, explain: result.explain },
});

export const timeField = (name = 'time'): Field => ({ name, type: 'time', typeInfo: { frame: 'time.Time' } });

export const textField = (name: string, title: string): Field => ({
  name,
  type: 'string',
  typeInfo: { frame: 'string' },
  config: { displayNameFromDS: title },
});

export const numberField = (name: string, displayName: string, labels: Record<string, string>, config: Field['config']): Field => ({
  name,
  type: 'number',
  typeInfo: { frame: 'float64', nullable: true },
  ...(Object.keys(labels).length > 0 && { labels }),
  config: { displayNameFromDS: displayName, ...config },
});

/** A number field named after its metric; `rowCurrency` is the currency of the group when groups are split by it. */
export function metricField(column: ResultColumn, displayName: string, labels: Record<string, string>, rowCurrency: string | null): Field {
  const description = column.period === 'change' ? 'Change against the period before, as a fraction of it' : column.metric.description;
  const name = { current: column.metric.name, previous: `${column.metric.name} (previous)`, change: `${column.metric.name} change` }[
    column.period
  ];
  return numberField(name, displayName, labels, { description, ...unitConfig(column.unit, column.currency ?? rowCurrency) });
}

/** Labels of a series or number: its group, then what tells it from its neighbours. Alerting makes one instance per set. */
export function labelsOf(result: MetricsResult, column: ResultColumn, group: readonly string[]): Record<string, string> {
  const labels: Record<string, string> = {};
  result.dimensions.forEach(({ name }, index) => (labels[name] = group[index] ?? ''));
  if (column.currency !== null) labels.currency = column.currency;
  if (result.manyMetrics) labels.metric = column.metric.name;
  if (column.period !== 'current') labels.period = column.period;
  return labels;
}

/** "Spend (USD)", "Acme / Spring sale", "Spend: Acme (previous)": as short as tells series apart. */
export function seriesTitle(result: MetricsResult, column: ResultColumn, group: readonly string[]): string {
  if (result.legend !== null) return legendOf(result, result.legend, column, group);
  const suffix = { current: '', previous: ' (previous)', change: ' change' }[column.period];
  if (group.length === 0) return column.title + suffix;
  const names = group.join(' / ');
  const many = result.manyMetrics || column.title !== column.metric.title;
  return (many ? `${column.title}: ${names}` : names) + suffix;
}

/** A legend with its placeholders filled in: {{metric}}, {{currency}}, {{period}} (empty for the current one) and dimensions. */
function legendOf(result: MetricsResult, legend: string, column: ResultColumn, group: readonly string[]): string {
  const values: Record<string, string> = {
    metric: column.metric.title,
    currency: column.currency ?? groupCurrency(result, group) ?? '',
    period: column.period === 'current' ? '' : column.period,
    ...Object.fromEntries(result.dimensions.map(({ name }, index) => [name, group[index] ?? ''])),
  };
  return legend.replace(PLACEHOLDER, (_, name: string) => values[name] ?? '').trim();
}

/** Drawn as a line beside others: thin, dashed, with nothing below it (Grafana's options of a time series). */
export const DASHED: NonNullable<Field['config']>['custom'] = { lineStyle: { fill: 'dash', dash: [8, 8] }, lineWidth: 1, fillOpacity: 0 };

/** Currency of a group that is split by currency. */
export function groupCurrency(result: MetricsResult, group: readonly string[]): string | null {
  const index = result.dimensions.findIndex(({ name }) => name === 'currency');
  return index < 0 ? null : (group[index] ?? null);
}

/**
 * No data, for series and numbers: one typed frame without fields, which Grafana's data plane reads as NoData. A series
 * without points would not do: reduced to a number it is NaN, and an alert rule takes that for normal.
 */
export const noDataFrame = (result: MetricsResult, type: FrameType): Frame =>
  makeFrame(result.refId, type, [], [], { meta: answerMeta(result) });
