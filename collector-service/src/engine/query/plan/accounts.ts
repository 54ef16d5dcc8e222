import type { Dataset, Metric } from '../../../data/catalogue/dataset.ts';
import { countsPeople } from '../../../data/catalogue/levels.ts';
import { SUPPRESSED, UNKNOWN } from '../../../data/catalogue/tables.ts';
import type { Reader } from '../ask/reader.ts';
import type { ScopedInstance } from '../ask/scope.ts';
import { instanceCondition, levelConditions } from '../cells/conditions.ts';
import { Parameters, type Statement } from '../cells/parameters.ts';
import { sourceFor } from './source.ts';

/** The dimension that owns accounts at Amazon: each has a marketplace, and so a currency. */
export const ADVERTISER = 'advertiser';

/** An advertiser of an instance (ours, a bigint as text) accounts in this currency. Names as stored; '' where a dataset knows no advertisers. */
export interface Account {
  instance: string;
  advertiser: string;
  currency: string;
}

type MoneyMetric = Extract<Metric, { kind: 'additive' }>;

/** Money that is paid: a sum of money of which more is not better. */
export const isCost = (metric: Metric): boolean => metric.kind === 'additive' && metric.unit === 'currency' && metric.better !== 'up';

export const costsOf = ({ metrics }: Pick<Dataset, 'metrics'>): MoneyMetric[] =>
  metrics.filter((metric): metric is MoneyMetric => metric.kind === 'additive' && isCost(metric));

const moneyOf = ({ metrics }: Pick<Dataset, 'metrics'>): MoneyMetric[] =>
  metrics.filter((metric): metric is MoneyMetric => metric.kind === 'additive' && metric.unit === 'currency');

export const hasCurrency = ({ columns }: Pick<Dataset, 'columns'>): boolean => columns.some(({ role }) => role === 'currency');

export const hasAdvertisers = ({ dimensions }: Pick<Dataset, 'dimensions'>): boolean => dimensions.some(({ name }) => name === ADVERTISER);

/** Whether the dataset's own rows tell in which currencies its advertisers account. */
export const tellsAccounts = (dataset: Dataset): boolean =>
  hasCurrency(dataset) && !countsPeople(dataset) && moneyOf(dataset).length > 0 && sourceOf(dataset) !== undefined;

/**
 * The currencies in which the advertisers of these instances account: those of their costs, and of an advertiser without any cost those
 * of its other money (docs/adr/0037). Over everything collected, so that neither a range nor a comparison changes who is meant. The
 * currency with most rows first.
 */
export async function readAccounts(reader: Reader, dataset: Dataset, instances: readonly ScopedInstance[]): Promise<Account[]> {
  if (!tellsAccounts(dataset) || instances.length === 0) return [];
  const coverage = await reader.coverage(dataset, instances);
  const weeks = [...new Set([...coverage.values()].flatMap(({ served }) => [...served.keys()]))].sort();
  if (weeks.length === 0) return [];
  const { rows } = await reader.read(accountsStatement(dataset, instances), coverage, weeks);
  const found = rows as [instance: string, advertiser: string, currency: string, pays: boolean, count: number][];
  const paying = new Set(found.filter(([, , , pays]) => pays).map(([instance, advertiser]) => `${instance} ${advertiser}`));
  const accounts = found.filter(([instance, advertiser, , pays]) => pays || !paying.has(`${instance} ${advertiser}`));
  const weight = new Map<string, number>();
  for (const [, , currency, , count] of accounts) weight.set(currency, (weight.get(currency) ?? 0) + count);
  return accounts
    .sort(([, , a], [, , b]) => weight.get(b)! - weight.get(a)! || (a < b ? -1 : Number(a > b)))
    .map(([instance, advertiser, currency]) => ({ instance, advertiser, currency }));
}

/** The currencies of accounts, the one with most rows first. */
export const currenciesOf = (accounts: readonly Account[]): string[] => [...new Set(accounts.map(({ currency }) => currency))];

const sourceOf = (dataset: Dataset) => sourceFor(dataset, 'week', new Set(hasAdvertisers(dataset) ? [ADVERTISER] : []));

function accountsStatement(dataset: Dataset, instances: readonly ScopedInstance[]): Statement {
  const source = sourceOf(dataset)!;
  const parameters = new Parameters();
  const named = hasAdvertisers(dataset);
  const isAny = (metrics: readonly MoneyMetric[]): string =>
    metrics.length === 0 ? 'false' : `(${metrics.flatMap(({ sum }) => sum.map((name) => `coalesce("${name}", 0) <> 0`)).join(' OR ')})`;
  const nobody = parameters.bind([SUPPRESSED, UNKNOWN], 'text[]', 'hidden and unknown');
  const where = [
    instanceCondition(
      parameters,
      instances.map(({ id }) => id),
    ),
    ...levelConditions(parameters, source),
    `currency <> ALL (${nobody})`,
    ...(named ? [`"${ADVERTISER}" <> ALL (${nobody})`] : []),
    isAny(moneyOf(dataset)),
  ];
  const text = [
    `SELECT instance_id::text, ${named ? `"${ADVERTISER}"` : `''`}, currency, bool_or(${isAny(costsOf(dataset))}), count(*)::int`,
    `FROM ${source.table}`,
    `WHERE ${where.join('\n  AND ')}`,
    'GROUP BY 1, 2, 3 ORDER BY 1, 2, 3',
  ].join('\n');
  return { text, values: parameters.values, described: parameters.described, prepared: true };
}
