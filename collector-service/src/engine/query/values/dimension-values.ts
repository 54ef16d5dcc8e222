import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { countsPeople, levelFor } from '../../../data/catalogue/levels.ts';
import { SUPPRESSED, UNKNOWN } from '../../../data/catalogue/tables.ts';
import type { Filter } from '../../../contract/query.ts';
import type { DimensionValues } from '../../../contract/dimension-values.ts';
import { readScoped } from '../../../data/store/scope.ts';
import { mondayOf, mondays, addDays, type IsoDate } from '../../../ground/calendar/week.ts';
import { knownWeeks } from '../plan/completeness.ts';
import { localDays } from '../plan/local-days.ts';
import { answeringCatalogue } from '../ask/answering-version.ts';
import type { QueryContext } from '../ask/context.ts';
import { bucketConditions, instanceCondition, levelConditions } from '../cells/conditions.ts';
import { dimensionCondition } from '../cells/dimension-condition.ts';
import type { Coverage } from '../plan/coverage.ts';
import { shownValue } from './dimension-value.ts';
import { Parameters, type Statement } from '../cells/parameters.ts';
import { createReader, type Reader } from '../ask/reader.ts';
import { refusal } from '../ask/refusal.ts';
import { filterInstances, instanceTitles, type QueryScope, type ScopedInstance } from '../ask/scope.ts';
import { levelSource, sourceFor, type Source } from '../plan/source.ts';
import { columnsOf } from '../plan/names.ts';

export interface DimensionValuesRequest {
  /** The first dataset of the catalogue that has the dimension and data, when left out. */
  dataset?: string | undefined;
  /** A dimension of the dataset, 'instance' or 'currency'. */
  dimension: string;
  /** Only values whose name contains this text, in any case. */
  search?: string | undefined;
  limit: number;
  /** What other variables chose; filters on the dimension itself are for the caller to leave out. */
  filters?: readonly Filter[] | undefined;
  /** Instants in ms: only values of weeks that share a local day with the range. All weeks when left out. */
  from?: number | undefined;
  to?: number | undefined;
  /** The zone the range was chosen in (IANA); UTC when left out. */
  timeZone?: string | undefined;
}

/**
 * The values of a dimension, for variables and filters: what to send, and what to show. In order of their names; hidden
 * and unknown come last.
 * @throws CollectorError unknown_dataset, unknown_dimension with details.suggestions; invalid_request; timed_out, database_unavailable
 */
export async function dimensionValues(context: QueryContext, request: DimensionValuesRequest): Promise<DimensionValues> {
  const { scope, signal, timeoutMs } = context;
  if (request.dimension === 'instance') return instanceValues(scope, request);
  if ((request.search ?? '').includes('\0'))
    throw refusal('invalid_request', 'The search text holds a NUL character, which no name can hold. Remove it.');
  const given = (request.filters ?? []).filter(({ values }) => values.length > 0);
  const filters = given.filter(({ dimension }) => dimension !== 'instance');
  const instances = filterInstances(
    scope.instances,
    given.filter(({ dimension }) => dimension === 'instance'),
  );
  const instanceIds = instances.map(({ id }) => id);
  return readScoped(
    context.store,
    instanceIds,
    async (tx) => {
      const reader = createReader(tx, context.cache, scope.workspaceId);
      const catalogue = await answeringCatalogue(reader, context.catalogue, instances);
      for (const dataset of datasetsWith(catalogue, request, filters)) {
        const coverage = await reader.coverage(dataset, instances);
        const weeks = weeksAround(request, coverage);
        if (weeks.length > 0) return readValues(reader, dataset, coverage, weeks, instances, request, filters);
      }
      return { values: [], truncated: false };
    },
    { ...(timeoutMs !== undefined && { timeoutMs }), signal, grouping: true },
  );
}

/** Served weeks that share a day with the range; all of them without one. */
function weeksAround({ from, to, timeZone }: DimensionValuesRequest, coverage: Coverage): IsoDate[] {
  const known = knownWeeks(coverage);
  if (known === null) return [];
  const days = localDays({ from: from ?? -Infinity, to: to ?? Infinity }, timeZone ?? 'UTC');
  const first = days.start > known.first ? mondayOf(days.start) : known.first;
  const last = addDays(days.end, -1) < known.last ? addDays(days.end, -1) : known.last;
  return mondays(first, last).filter((week) => [...coverage.values()].some(({ served }) => served.has(week)));
}

async function readValues(
  reader: Reader,
  dataset: Dataset,
  coverage: Coverage,
  weeks: string[],
  instances: readonly ScopedInstance[],
  request: DimensionValuesRequest,
  filters: readonly Filter[],
): Promise<DimensionValues> {
  const { rows } = await reader.read(valuesStatement(dataset, weeks, instances, request, filters), coverage, weeks);
  const dimension = dataset.dimensions.find(({ name }) => name === request.dimension);
  const values = (rows as [string, string?][]).slice(0, request.limit).map(([stored, name]) => {
    const label = shownValue(dimension, stored === SUPPRESSED || stored === UNKNOWN ? stored : (name ?? stored));
    // Sentinels hold a control character; their titles are translated back by every filter.
    return { value: stored === SUPPRESSED || stored === UNKNOWN ? label : stored, label };
  });
  return { values, truncated: rows.length > request.limit };
}

function valuesStatement(
  dataset: Dataset,
  weeks: string[],
  instances: readonly ScopedInstance[],
  { dimension, search, limit }: DimensionValuesRequest,
  filters: readonly Filter[],
): Statement {
  const parameters = new Parameters();
  const touched = [dimension, ...filters.map((filter) => filter.dimension)].filter((name) => name !== 'currency');
  const source = valuesSource(dataset, new Set(touched.flatMap((name) => columnsOf(dataset, name))));
  const searched: Filter[] = search === undefined || search === '' ? [] : [{ dimension, operator: 'contains', values: [search] }];
  const where = [
    instanceCondition(
      parameters,
      instances.map(({ id }) => id),
    ),
    ...bucketConditions(parameters, source, 'week', weeks),
    ...levelConditions(parameters, source),
    ...[...filters, ...searched].map((filter) => dimensionCondition({ dataset, instances: [...instances] }, filter, parameters)),
  ];
  const named = dataset.dimensions.find(({ name }) => name === dimension);
  if (named?.member !== undefined) {
    const newest = `SELECT DISTINCT ON (1) "${named.member}" AS member, "${named.named_by}" AS name FROM ${source.table}\nWHERE ${where.join('\n  AND ')}\nORDER BY 1, ${source.bucket} DESC`;
    const text = `SELECT member, name FROM (\n${newest}\n) AS newest ORDER BY (left(member, 1) = chr(1)), name, member LIMIT ${parameters.bind(limit + 1, 'int', 'limit')}`;
    return { text, values: parameters.values, described: parameters.described };
  }
  const text = [
    `SELECT "${dimension}" FROM ${source.table}`,
    `WHERE ${where.join('\n  AND ')}`,
    `GROUP BY 1 ORDER BY (left("${dimension}", 1) = chr(1)), 1 LIMIT ${parameters.bind(limit + 1, 'int', 'limit')}`,
  ].join('\n');
  return { text, values: parameters.values, described: parameters.described };
}

function valuesSource(dataset: Dataset, dimensions: ReadonlySet<string>): Source {
  if (!countsPeople(dataset)) {
    const source = sourceFor(dataset, 'week', dimensions);
    if (source !== undefined) return source;
  }
  const level = levelFor(dataset, dimensions, 'week');
  if (level !== undefined) return levelSource(dataset, 'week', level.name);
  throw refusal(
    'no_answer',
    `Dataset '${dataset.dataset}' holds no rows by ${[...dimensions].join(' and ')} together. Filter by fewer dimensions.`,
  );
}

/** Datasets that know the dimension and those filtered; the newest versions. */
function datasetsWith(catalogue: Catalogue, { dataset, dimension }: DimensionValuesRequest, filters: readonly Filter[]): Dataset[] {
  const dimensions = [dimension, ...filters.map((filter) => filter.dimension)];
  if (dataset !== undefined) {
    const found = catalogue.datasetFor({ dataset, metrics: [], dimensions });
    if (dimensions.includes('currency') && !hasCurrency(found))
      throw refusal('unknown_dimension', `Dataset '${dataset}' holds no money, so it has no currencies.`);
    return [found];
  }
  const all = [...new Set(catalogue.datasets.map((each) => each.dataset))].map((name) => catalogue.findDataset(name));
  const fitting = all.filter((each) =>
    dimensions.every((name) => (name === 'currency' ? hasCurrency(each) : each.dimensions.some((known) => known.name === name))),
  );
  if (fitting.length > 0) return fitting;
  const known = ['instance', 'currency', ...all.flatMap((each) => each.dimensions.map(({ name }) => name))];
  const unknown = dimensions.find((name) => !known.includes(name));
  if (unknown === undefined)
    throw refusal('unknown_dimension', `No dataset has ${dimensions.join(' and ')} together. Filter by fewer dimensions.`);
  const suggestions = catalogue.suggest(unknown, known);
  throw refusal('unknown_dimension', `There is no dimension '${unknown}'. Known: ${[...new Set(known)].join(', ')}.`, suggestions);
}

const hasCurrency = ({ columns }: Dataset): boolean => columns.some((column) => column.role === 'currency');

/** Instances come from the scope: Amazon's id is the value, the name is shown. */
function instanceValues({ instances }: QueryScope, { search = '', limit }: DimensionValuesRequest): DimensionValues {
  const titles = instanceTitles(instances);
  const wanted = search.toLowerCase();
  const values = instances
    .map(({ id, amcInstanceId }) => ({ value: amcInstanceId, label: titles.get(id) ?? amcInstanceId }))
    .filter(({ value, label }) => value.toLowerCase().includes(wanted) || label.toLowerCase().includes(wanted))
    .sort((a, b) => a.label.localeCompare(b.label));
  return { values: values.slice(0, limit), truncated: values.length > limit };
}
