import type { Filter } from '../../../contract/query.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { countsPeople, levelFor } from '../../../data/catalogue/levels.ts';
import { choose, type ChosenAccounts } from '../ask/chosen-accounts.ts';
import type { Reader } from '../ask/reader.ts';
import { refusal } from '../ask/refusal.ts';
import type { ScopedInstance } from '../ask/scope.ts';
import { accountConditions } from '../cells/account-condition.ts';
import { bucketConditions, instanceCondition, levelConditions } from '../cells/conditions.ts';
import { dimensionCondition } from '../cells/dimension-condition.ts';
import { Parameters, type Statement } from '../cells/parameters.ts';
import { ADVERTISER, hasAdvertisers, readAccounts, tellsAccounts } from '../plan/accounts.ts';
import { columnsOf } from '../plan/names.ts';
import { levelSource, sourceFor, type Source } from '../plan/source.ts';

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

/** What values are asked of: the filters that are left when those on the currency chose their advertisers (docs/adr/0037). */
export interface ValuesQuestion {
  dataset: Dataset;
  instances: ScopedInstance[];
  filters: readonly Filter[];
  currencyFilters: readonly Filter[];
  accounts: ChosenAccounts | null;
}

export async function valuesQuestion(
  reader: Reader,
  dataset: Dataset,
  instances: ScopedInstance[],
  { dimension }: DimensionValuesRequest,
  filters: readonly Filter[],
): Promise<ValuesQuestion> {
  const currencyFilters = filters.filter((filter) => filter.dimension === 'currency');
  const byAccount = currencyFilters.length > 0 && dimension !== 'currency' && hasAdvertisers(dataset) && tellsAccounts(dataset);
  const accounts = byAccount ? choose(await readAccounts(reader, dataset, instances), currencyFilters) : null;
  return { dataset, instances, filters: filters.filter((filter) => filter.dimension !== 'currency'), currencyFilters, accounts };
}

/** The values in the order of their names, hidden and unknown last; one more than the limit, so that a cut can be said. */
export function valuesStatement(
  question: ValuesQuestion,
  weeks: string[],
  { dimension, search, limit }: DimensionValuesRequest,
): Statement {
  const { dataset, instances, filters, accounts } = question;
  const parameters = new Parameters();
  const touched = [dimension, ...filters.map((filter) => filter.dimension)].filter((name) => name !== 'currency');
  const columns = [...touched.flatMap((name) => columnsOf(dataset, name)), ...(accounts === null ? [] : [ADVERTISER])];
  const source = valuesSource(dataset, new Set(columns));
  const searched: Filter[] = search === undefined || search === '' ? [] : [{ dimension, operator: 'contains', values: [search] }];
  const where = [
    instanceCondition(
      parameters,
      instances.map(({ id }) => id),
    ),
    ...bucketConditions(parameters, source, 'week', weeks),
    ...levelConditions(parameters, source),
    ...accountConditions(question, parameters),
    ...[...filters, ...searched].map((filter) => dimensionCondition(question, filter, parameters)),
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
