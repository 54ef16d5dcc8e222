import { CollectorError } from '../../contract/error.ts';
import { queryRequestSchema, type MetricQueryInput } from '../../contract/query.ts';
import type { Collection } from '../../contract/collections.ts';
import type { Metric } from '../../data/catalogue/dataset.ts';
import { ask, type MetricsResult, type QueryContext, type ResultColumn } from '../../engine/query/index.ts';
import { addDays, type IsoDate } from '../../ground/calendar/week.ts';
import { sparkline } from './sparkline.ts';
import { textTable } from './table.ts';
import { windowNoun } from '../../ground/calendar/window-words.ts';

const DATASET = 'campaign_performance';
const KPIS = ['spend', 'sales', 'roas', 'acos', 'ctr', 'ntb_rate'];
const at = (date: IsoDate): number => Date.parse(`${date}T00:00:00Z`);

export interface Kpi {
  title: string;
  unit: Metric['unit'];
  currency: string | null;
  last4: number | null;
  before4: number | null;
  change: number | null;
  year: number | null;
  /** A value for each week that was answered, oldest first. */
  weeks: (number | null)[];
}

/** The KPIs of campaign performance: last 4 weeks, the 4 before, all weeks, and a value per week; money once per currency. */
export async function readKpis(context: QueryContext, first: IsoDate, last: IsoDate): Promise<Kpi[]> {
  const total = { grain: 'total', format: 'numeric' } as const;
  const read = (from: IsoDate, query: MetricQueryInput) => readMetrics(context, at(from), at(addDays(last, 7)), query);
  const recent = await read(addDays(last, -21), { ...total, compare: 'previous_period' });
  const year = await read(first, total);
  const weekly = await read(first, { grain: 'week' });
  return year.columns
    .filter((_column, index) => year.rows[0]?.values[index] !== undefined)
    .map((column) => ({
      title: column.currency === null ? column.metric.title : `${column.metric.title} (${column.currency})`,
      unit: column.unit,
      currency: column.currency,
      last4: totalOf(recent, column, 'current'),
      before4: totalOf(recent, column, 'previous'),
      change: totalOf(recent, column, 'change'),
      year: totalOf(year, column, 'current'),
      weeks: weeksOf(weekly, column),
    }));
}

async function readMetrics(context: QueryContext, from: number, to: number, query: MetricQueryInput): Promise<MetricsResult> {
  const request = queryRequestSchema.parse({ from, to, queries: [{ refId: 'kpis', dataset: DATASET, metrics: KPIS, ...query }] });
  const result = (await ask(context, request)).get('kpis');
  if (result instanceof CollectorError) throw result;
  if (result?.kind !== 'metrics') throw new Error('A metric query was not answered with metrics');
  return result;
}

/** Where a result keeps what stands beside a column of another; -1 when it has none. */
const indexOf = ({ columns }: MetricsResult, { metric, currency }: ResultColumn, period: ResultColumn['period']): number =>
  columns.findIndex((each) => each.metric.name === metric.name && each.currency === currency && each.period === period);

const totalOf = (result: MetricsResult, column: ResultColumn, period: ResultColumn['period']): number | null =>
  result.rows[0]?.values[indexOf(result, column, period)] ?? null;

function weeksOf(result: MetricsResult, column: ResultColumn): (number | null)[] {
  const index = indexOf(result, column, 'current');
  const byWeek = new Map(result.rows.map(({ bucket, values }) => [bucket, values[index]]));
  return result.buckets.map((week) => byWeek.get(week) ?? null);
}

/** A KPI's value as a person reads it: money in its currency, fractions as per cent. */
export function formatValue(value: number | null, unit: Kpi['unit'], currency: string | null): string {
  if (value === null) return '–';
  if (unit === 'percent') return `${(value * 100).toFixed(value < 0.1 ? 2 : 1)} %`;
  if (unit === 'ratio') return value.toFixed(2);
  if (unit === 'currency' && currency !== null && /^[A-Z]{3}$/.test(currency))
    return new Intl.NumberFormat('en', { style: 'currency', currency, maximumFractionDigits: 0 }).format(value);
  return new Intl.NumberFormat('en', { maximumFractionDigits: 0 }).format(value);
}

const signed = (fraction: number | null): string =>
  fraction === null ? '–' : `${fraction >= 0 ? '+' : '−'}${Math.abs(fraction * 100).toFixed(1)} %`;

export const kpiTable = (kpis: readonly Kpi[], weeks: number): string =>
  textTable(
    ['KPI', 'last 4 weeks', '4 before', 'change', `${weeks} weeks`, 'by week'],
    kpis.map(({ title, unit, currency, last4, before4, change, year, weeks: values }) => [
      title,
      formatValue(last4, unit, currency),
      formatValue(before4, unit, currency),
      signed(change),
      formatValue(year, unit, currency),
      sparkline(values),
    ]),
  );

/** What was collected, a line per collection. */
export const collectionTable = (collections: readonly Collection[]): string =>
  textTable(
    ['Collection', 'instance', 'state', 'collected', 'rows'],
    collections.map((collection) => {
      const { name, instanceName, state, window, weeks, weeksTotal, rows } = collection;
      const collected = `${weeks.done}/${weeksTotal} ${windowNoun(weeksTotal, [window])}`;
      return [name, instanceName, state, `${collected}${remarks(collection)}`, rows.toLocaleString('en')];
    }),
  );

/** What keeps a collection's weeks from being all there and right: ' (1 failed, 2 out of reach)'. */
function remarks({ weeks: { failed, held }, weeksOutOfReach, weeksSetAside, weeksDoubtful }: Collection): string {
  const found = [
    [failed, 'failed'],
    [held, 'held'],
    [weeksOutOfReach, 'out of reach'],
    [weeksSetAside, 'set aside'],
    [weeksDoubtful, 'doubtful'],
  ] as const;
  const said = found.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return said.length > 0 ? ` (${said.join(', ')})` : '';
}
