import { addDays, type IsoDate } from '../../ground/calendar/week.ts';
import type { Catalogue } from '../../data/catalogue/catalogue.ts';
import type { Frame, Freshness } from '../../contract/frame.ts';
import { queryRequestSchema, type MetricQueryInput } from '../../contract/query.ts';
import type { Collection } from '../../contract/resources.ts';
import { answer, type QueryDeps } from '../../engine/query/ask/ask.ts';
import type { QueryScope } from '../../engine/query/ask/scope.ts';
import { sparkline } from './sparkline.ts';
import { textTable } from './table.ts';

const DATASET = 'campaign_performance';
const KPIS = ['spend', 'sales', 'roas', 'acos', 'ctr', 'ntb_rate'];
const at = (date: IsoDate): number => Date.parse(`${date}T00:00:00Z`);

export interface Kpi {
  title: string;
  unit: 'currency' | 'count' | 'percent' | 'ratio';
  currency: string | undefined;
  last4: number | null;
  before4: number | null;
  change: number | null;
  year: number | null;
  weeks: (number | null)[];
}

/** The KPIs of campaign performance: last 4 weeks, the 4 before, all weeks, and a value per week; money once per currency. */
export async function readKpis(
  deps: QueryDeps & { catalogue: Catalogue },
  scope: QueryScope,
  first: IsoDate,
  last: IsoDate,
  signal: AbortSignal,
): Promise<{ kpis: Kpi[]; freshness: Freshness | undefined }> {
  const ask = async (from: IsoDate, query: MetricQueryInput): Promise<Frame[]> => {
    const request = queryRequestSchema.parse({
      from: at(from),
      to: at(addDays(last, 1)),
      queries: [{ dataset: DATASET, metrics: KPIS, ...query }],
    });
    const result = (await answer(deps, scope, request, signal)).results.A;
    if (!result || result.error !== undefined) throw new Error(`The summary could not be read: ${result?.error ?? 'no answer'}`);
    return result.frames ?? [];
  };
  const recent = await ask(addDays(last, -21), { grain: 'total', format: 'numeric', compare: 'previous_period' });
  const year = await ask(first, { grain: 'total', format: 'numeric' });
  const weekly = await ask(first, { grain: 'week', format: 'timeseries' });

  const metrics = deps.catalogue.findDataset(DATASET).metrics;
  const kpis = KPIS.flatMap((name) => {
    const metric = metrics.find((each) => each.name === name);
    return metric === undefined ? [] : currenciesOf(year, name).map((currency) => kpiOf(metric, currency, recent, year, weekly));
  });
  return { kpis, freshness: year[0]?.schema.meta.custom?.freshness };
}

const numberFields = (frames: Frame[], metric: string) =>
  frames.flatMap(({ schema, data }) =>
    schema.fields.flatMap((field, index) =>
      field.type === 'number' && field.name.split(' ')[0] === metric ? [{ field, values: data.values[index] as (number | null)[] }] : [],
    ),
  );

const currenciesOf = (frames: Frame[], metric: string): (string | undefined)[] => [
  ...new Set(numberFields(frames, metric).map(({ field }) => field.labels?.currency)),
];

function kpiOf(
  metric: { name: string; title: string; unit: Kpi['unit'] },
  currency: string | undefined,
  recent: Frame[],
  year: Frame[],
  weekly: Frame[],
): Kpi {
  const find = (frames: Frame[], period: string | undefined) =>
    numberFields(frames, metric.name).find(({ field }) => field.labels?.currency === currency && field.labels?.period === period)?.values ??
    [];
  return {
    title: currency === undefined ? metric.title : `${metric.title} (${currency})`,
    unit: metric.unit,
    currency,
    last4: find(recent, undefined)[0] ?? null,
    before4: find(recent, 'previous')[0] ?? null,
    change: find(recent, 'change')[0] ?? null,
    year: find(year, undefined)[0] ?? null,
    weeks: find(weekly, undefined),
  };
}

/** A KPI's value as a person reads it: money in its currency, fractions as per cent. */
export function formatValue(value: number | null, unit: Kpi['unit'], currency: string | undefined): string {
  if (value === null) return '–';
  if (unit === 'percent') return `${(value * 100).toFixed(value < 0.1 ? 2 : 1)} %`;
  if (unit === 'ratio') return value.toFixed(2);
  if (unit === 'currency' && currency !== undefined && /^[A-Z]{3}$/.test(currency))
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
    ['Collection', 'instance', 'state', 'weeks', 'rows'],
    collections.map(({ name, instanceName, state, weeks, weeksTotal, rows }) => [
      name,
      instanceName,
      state,
      `${weeks.done ?? 0}/${weeksTotal}${(weeks.failed ?? 0) + (weeks.held ?? 0) > 0 ? ` (${weeks.failed ?? 0} failed, ${weeks.held ?? 0} held)` : ''}`,
      rows.toLocaleString('en'),
    ]),
  );
