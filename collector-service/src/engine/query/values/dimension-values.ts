import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { SUPPRESSED, UNKNOWN } from '../../../data/catalogue/tables.ts';
import type { Filter } from '../../../contract/query.ts';
import type { DimensionValues } from '../../../contract/dimension-values.ts';
import { readScoped } from '../../../data/store/scope.ts';
import { mondayOf, mondays, addDays, type IsoDate } from '../../../ground/calendar/week.ts';
import { knownWeeks } from '../plan/completeness.ts';
import { localDays } from '../plan/local-days.ts';
import { answeringCatalogue } from '../ask/answering-version.ts';
import type { QueryContext } from '../ask/context.ts';
import type { Coverage } from '../plan/coverage.ts';
import { shownValue } from './dimension-value.ts';
import { valuesQuestion, valuesStatement, type DimensionValuesRequest, type ValuesQuestion } from './values-statement.ts';
import { createReader, type Reader } from '../ask/reader.ts';
import { refusal } from '../ask/refusal.ts';
import { filterInstances, instanceTitles, type QueryScope } from '../ask/scope.ts';
import { hasCurrency } from '../plan/accounts.ts';

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
        if (weeks.length === 0) continue;
        return readValues(reader, await valuesQuestion(reader, dataset, instances, request, filters), coverage, weeks, request);
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
  question: ValuesQuestion,
  coverage: Coverage,
  weeks: string[],
  request: DimensionValuesRequest,
): Promise<DimensionValues> {
  const { dataset } = question;
  const { rows } = await reader.read(valuesStatement(question, weeks, request), coverage, weeks);
  const dimension = dataset.dimensions.find(({ name }) => name === request.dimension);
  const values = (rows as [string, string?][]).slice(0, request.limit).map(([stored, name]) => {
    const label = shownValue(dimension, stored === SUPPRESSED || stored === UNKNOWN ? stored : (name ?? stored));
    // Sentinels hold a control character; their titles are translated back by every filter.
    return { value: stored === SUPPRESSED || stored === UNKNOWN ? label : stored, label };
  });
  return { values, truncated: rows.length > request.limit };
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
