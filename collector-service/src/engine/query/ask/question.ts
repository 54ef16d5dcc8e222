import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import type { Filter, MetricFilter, MetricQuery } from '../../../contract/query.ts';
import { ISO_CALENDAR, type ReportingCalendar } from '../../../ground/calendar/reporting-calendar.ts';
import { metricsOf, resolveCalculated, type AskedMetric } from '../calculated/calculated-metric.ts';
import type { Days } from '../plan/local-days.ts';
import { hasDays, resolveGrain, type Grain } from '../plan/grain.ts';
import type { ChosenAccounts } from './chosen-accounts.ts';
import { checkQuery } from './check-query.ts';
import { refusal } from './refusal.ts';
import { filterInstances, type ScopedInstance } from './scope.ts';

/** A metric query whose names are resolved: what the planner works with. */
export interface Question {
  dataset: Dataset;
  /** The datasets that ask the same over other windows, this one among them, the week first. */
  windows: Dataset[];
  /** What is shown. */
  metrics: AskedMetric[];
  /** Filters on metrics, shown or not. */
  metricFilters: { metric: AskedMetric; operator: MetricFilter['operator']; value: number }[];
  /** Dimensions of the dataset, 'instance' and 'currency', each once. */
  dimensions: string[];
  /** Filters on dimensions of the dataset; never empty lists. */
  filters: Filter[];
  /** Filters on 'currency': they choose the advertisers that account in it, and the money that is shown (docs/adr/0037). */
  currencyFilters: Filter[];
  /** Whom those choose; null without such filters, and where rows are chosen by their own currency. */
  accounts: ChosenAccounts | null;
  /** Instances left after filters on 'instance'. */
  instances: ScopedInstance[];
  grain: Grain;
  /** The workspace's weeks and months. */
  calendar: ReportingCalendar;
  /** Whether what Amazon hid has a row of its own. */
  rest: 'show' | 'hide';
  order: { by: AskedMetric | 'time' | { dimension: string }; direction: 'asc' | 'desc' } | null;
  query: MetricQuery;
}

/** 'instance' and 'currency' are dimensions of every answer, the others of a dataset. */
export const isOfDataset = (dimension: string): boolean => dimension !== 'instance' && dimension !== 'currency';

/** Points a series may have when the caller does not say. */
const DEFAULT_MAX_DATA_POINTS = 1000;

/**
 * Looks up every name of a query.
 * @throws CollectorError unknown_dataset, unknown_metric, unknown_dimension (with details.suggestions), invalid_request
 */
export function resolveQuestion(
  catalogue: Catalogue,
  instances: readonly ScopedInstance[],
  query: MetricQuery,
  asked: Days,
  maxDataPoints?: number,
  calendar: ReportingCalendar = ISO_CALENDAR,
): Question {
  if (query.metrics.length + query.calculated.length === 0)
    throw refusal('invalid_request', 'The query names no metric. Choose at least one of the catalogue’s metrics.');
  const filters = query.filters.filter((filter) => filter.values.length > 0);
  for (const value of filters.flatMap((filter) => filter.values)) {
    if (value.includes('\0')) throw refusal('invalid_request', 'A filter value holds a NUL character, which no name can hold. Remove it.');
  }
  const dimensions = [...new Set(query.dimensions)];
  const made = new Set(query.calculated.map(({ name }) => name));
  const names = [...new Set([...query.metrics, ...made])];
  const named = catalogue.datasetFor({
    dataset: query.dataset,
    version: query.datasetVersion,
    metrics: namesOfDataset(query, made),
    dimensions: [...dimensions, ...filters.map((filter) => filter.dimension)],
  });
  const calculated = query.calculated.map((asked) => resolveCalculated(catalogue, named, asked));
  const find = (name: string): AskedMetric => calculated.find((metric) => metric.name === name) ?? catalogue.findMetric(named, name);
  const metrics = names.map(find);
  const windows = catalogue.windowsOf(named);
  const grain = resolveGrain(query, named, metrics, asked, maxDataPoints ?? DEFAULT_MAX_DATA_POINTS, isBase(named) ? windows : [named]);
  const dataset = bucketDataset(named, grain, windows);
  checkQuery(query, metrics, dimensions, grain);
  return {
    dataset,
    windows,
    metrics,
    metricFilters: query.metricFilters.map(({ metric, operator, value }) => ({ metric: find(metric), operator, value })),
    dimensions,
    filters: filters.filter(({ dimension }) => isOfDataset(dimension)),
    currencyFilters: filters.filter(({ dimension }) => dimension === 'currency'),
    accounts: null,
    instances: filterInstances(
      instances,
      filters.filter(({ dimension }) => dimension === 'instance'),
    ),
    grain,
    calendar: hasDays(dataset) ? calendar : ISO_CALENDAR,
    // An alert rule makes an instance of every label, and what is hidden is nobody.
    rest: query.rest ?? (query.format === 'numeric' || query.latest ? 'hide' : 'show'),
    order: resolveOrder(catalogue, query, metrics, dimensions, grain),
    query,
  };
}

/** A longer window that was named is what is asked about; a dataset's own name leaves the window to the range. */
export const isBase = ({ window_of: base }: Pick<Dataset, 'window_of'>): boolean => base === undefined;

/** Months of a dataset without days are windows of their own, kept by a dataset of their own. */
function bucketDataset(named: Dataset, grain: Grain, windows: readonly Dataset[]): Dataset {
  if (grain !== 'month' || hasDays(named) || !isBase(named)) return named;
  return windows.find(({ window }) => window === 'month') ?? named;
}

/** Metrics of the dataset that the query needs: it is found by them. Expressions are read twice, which costs nothing. */
function namesOfDataset({ metrics, calculated, metricFilters }: MetricQuery, made: ReadonlySet<string>): string[] {
  const inside = calculated.flatMap(metricsOf);
  const needed = [...metrics, ...metricFilters.map(({ metric }) => metric), ...inside];
  return [...new Set(needed)].filter((name) => !made.has(name));
}

function resolveOrder(
  catalogue: Catalogue,
  query: MetricQuery,
  metrics: readonly AskedMetric[],
  dimensions: readonly string[],
  grain: Grain,
): Question['order'] {
  if (query.orderBy === undefined) return null;
  const { by, direction } = query.orderBy;
  const metric = metrics.find((each) => each.name === by);
  if (metric !== undefined) return { by: metric, direction };
  if (dimensions.includes(by)) return { by: { dimension: by }, direction };
  const hasTime = query.format === 'table' && grain !== 'total';
  if (by === 'time' && hasTime) return { by: 'time', direction };
  const known = [...metrics.map((each) => each.name), ...dimensions, ...(hasTime ? ['time'] : [])];
  throw refusal(
    'invalid_request',
    `The query cannot be ordered by '${by}', which it does not ask for. Order by one of: ${known.join(', ')}.`,
    catalogue.suggest(by, known),
  );
}
