import type { Dimension } from '../../../data/catalogue/dataset.ts';
import { SUPPRESSED, UNKNOWN } from '../../../data/catalogue/tables.ts';
import type { CellsPlan, Ranking } from './cells-plan.ts';
import type { Measure } from './measure.ts';
import type { Parameters } from './parameters.ts';
import { instanceTitles } from '../ask/scope.ts';
import { formulaSql } from '../calculated/formula.ts';
import { isCost } from '../plan/accounts.ts';
import { namesSource } from '../plan/names.ts';
import { instanceCondition, levelConditions } from './conditions.ts';

/**
 * SQL of what is ranked, of the cells that pass `where`: CTEs that end in `ranked`, with the columns of a row or group, its place (from 1), how many there
 * were to choose from (null for what is hidden) and the currency whose list it stands in.
 *
 * Amounts of different currencies have no order, so each currency has a list and the limit of its own: of the groups that account in it
 * (docs/adr/0037). What accounts in none comes last. Ties are broken by the groups themselves, so that an order never wavers; nulls and
 * hidden names come last in both directions.
 */
export function rankedCtes(
  plan: CellsPlan,
  ranking: Ranking,
  parameters: Parameters,
  unit: readonly string[],
  { rest, where }: { rest: string | null; where: string },
): string {
  const { by } = ranking;
  const limit = parameters.bind(ranking.limit, 'int', 'limit');
  const source = { list: unit.join(', '), where, limit };
  const isMetric = typeof by === 'object' && 'metric' in by && plan.byCurrency;
  const isListed = isMetric && plan.currencies.length > 1;
  // A parameter that no text needs has no type.
  const named = isListed || (isMetric && by.isMoney) ? plan.currencies : [];
  const currencies = named.map((currency, index) => parameters.bind(currency, 'text', `currency ${index + 1}`));
  const first = isListed
    ? lists(plan, ranking, by, currencies, unit, source)
    : oneList(plan, ranking, parameters, currencies[0], unit, source);
  // The first of one list are in order as they come.
  const place = isListed ? 'row_number() OVER (ORDER BY in_list, place)' : 'row_number() OVER ()';
  // The rest stands after what is ranked and the others, however few of that are shown.
  const shown = rest === null || plan.rest === 'hide' ? '' : restRows(source.list, rest, othersPlace(plan, ranking));
  return `${first}\n, ranked AS (\nSELECT ${source.list}, ${place} AS place, places, in_list FROM first${shown}\n)`;
}

/** After all that can be ranked. */
export const othersPlace = ({ currencies }: CellsPlan, { limit }: Ranking): number => limit * (currencies.length + 1) + 1;

interface Ranked {
  /** The columns of what is ranked. */
  list: string;
  /** Which cells are ranked, as a WHERE. */
  where: string;
  limit: string;
}

const restRows = (list: string, isRest: string, after: number): string =>
  `\nUNION ALL\nSELECT ${list}, ${after} + row_number() OVER (ORDER BY ${list}), NULL, NULL FROM cells WHERE ${isRest} GROUP BY ${list}`;

/** Cut before they are numbered: the few first of many are found in a heap, where a number for each sorts them all. */
function oneList(
  plan: CellsPlan,
  ranking: Ranking,
  parameters: Parameters,
  currency: string | undefined,
  unit: readonly string[],
  { list, where, limit }: Ranked,
): string {
  const key = rankKey(plan, ranking, parameters, currency);
  return `, first AS (\nSELECT ${list}, count(*) OVER () AS places, 1 AS in_list FROM cells${where} GROUP BY ${list}\nORDER BY ${[...key, ...unit].join(', ')} LIMIT ${limit}\n)`;
}

/** A list for each currency, and where there is room for it one of what accounts in none of them. What stands in several keeps its place in the first. */
function lists(
  plan: CellsPlan,
  ranking: Ranking,
  by: Measure,
  currencies: readonly string[],
  unit: readonly string[],
  { list, where, limit }: Ranked,
): string {
  const direction = `${ranking.direction === 'asc' ? 'ASC' : 'DESC'} NULLS LAST`;
  const newest = ranking.byBucket ? ['b'] : [];
  const oneEach = ranking.byBucket || !plan.byBucket;
  const key = (currency: string): string =>
    by.isMoney ? measureKey(plan, by, ` FILTER (WHERE c = ${currency})`, oneEach) : measureKey(plan, by, '', false);
  const columns = currencies.flatMap((currency, index) => [
    `${accountsIn(plan, currency)} AS a${index + 1}`,
    `${key(currency)} AS k${index + 1}`,
  ]);
  const some = currencies.map((_, index) => `a${index + 1}`).join(' OR ');
  const none = `(${some}) IS NOT TRUE`;
  const best = (condition: string, order: string, at: number, most = limit): string =>
    `SELECT ${list}, row_number() OVER () AS place, places, ${at} AS in_list FROM (SELECT ${list}, count(*) OVER () AS places FROM groups WHERE ${condition} ORDER BY ${[order, ...newest, ...unit].join(', ')} LIMIT ${most}) AS best`;
  const selects = [
    ...currencies.map((_, index) => best(`a${index + 1}`, `k${index + 1} ${direction}`, index + 1)),
    best(none, `k1 ${direction}`, currencies.length + 1, `greatest(0, ${limit} - (SELECT count(*) FROM groups WHERE (${some}) IS TRUE))`),
  ];
  return `, groups AS (\nSELECT ${[list, ...columns].join(', ')} FROM cells${where} GROUP BY ${list}\n), first AS (\nSELECT DISTINCT ON (${list}) ${list}, place, places, in_list FROM (\n${selects.join('\nUNION ALL\n')}\n) AS lists ORDER BY ${list}, in_list\n)`;
}

/** Whether a group accounts in a currency: by its costs, by its other money when it has none, by the currency of its rows when it has neither. */
function accountsIn({ components }: CellsPlan, currency: string): string {
  const money = components.flatMap(({ metric }, index) => (metric.unit === 'currency' ? [{ metric, column: `v${index + 1}` }] : []));
  const any = (of: typeof money): string | null => (of.length === 0 ? null : `(${of.map(({ column }) => `${column} <> 0`).join(' OR ')})`);
  const cases = [any(money.filter(({ metric }) => isCost(metric))), any(money)].filter((condition) => condition !== null);
  const own = `c = ${currency}`;
  return `CASE ${cases.map((condition) => `WHEN bool_or(${condition}) THEN bool_or(${own} AND ${condition})`).join(' ')} ELSE bool_or(${own}) END`;
}

/** The terms of an ORDER BY over cells grouped by what is ranked. */
function rankKey(plan: CellsPlan, ranking: Ranking, parameters: Parameters, currency: string | undefined): string[] {
  const { by } = ranking;
  const direction = ranking.direction === 'asc' ? 'ASC' : 'DESC';
  const newest = ranking.byBucket ? ['b'] : [];
  if (by === 'time') return [`b ${direction}`];
  if ('dimension' in by) return [...dimensionKey(plan, by.dimension, direction, parameters), ...newest];
  // What is ranked has one cell in each currency, unless the cells keep buckets and it does not.
  const oneEach = ranking.byBucket || !plan.byBucket;
  const inCurrency = by.isMoney && plan.byCurrency && currency !== undefined;
  const key = inCurrency
    ? measureKey(plan, by, ` FILTER (WHERE c = ${currency})`, oneEach)
    : measureKey(plan, by, '', oneEach && !plan.byCurrency);
  return [`${key} ${direction} NULLS LAST`, ...newest];
}

/** @param single whether the filter leaves one cell of each group: max() picks it and keeps no sum for it */
function measureKey({ components }: CellsPlan, { formula }: Measure, filter: string, single: boolean): string {
  // A peak week, not a sum: distinct counts are never added, not even to rank them.
  const total = (index: number): string =>
    `${single || components[index]?.metric.kind === 'distinct' ? 'max' : 'sum'}(v${index + 1})${filter}`;
  return formulaSql(formula, total);
}

function dimensionKey({ question }: CellsPlan, dimension: string, direction: string, parameters: Parameters): string[] {
  const column = `g${question.dimensions.indexOf(dimension) + 1}`;
  const named = question.dataset.dimensions.find(({ name }) => name === dimension);
  if (named?.named_by !== undefined) return [newestName(question, named, column, parameters), column].map((term) => `${term} ${direction}`);
  if (dimension !== 'instance') {
    const hidden = parameters.bind([SUPPRESSED, UNKNOWN], 'text[]', 'hidden and unknown');
    return [`(${column} = ANY (${hidden}))`, `${leadingNumber(column)} ${direction} NULLS LAST`, `${column} ${direction}`];
  }
  const titles = instanceTitles(question.instances);
  const byTitle = [...titles].sort(([, a], [, b]) => a.localeCompare(b)).map(([id]) => id);
  return [`array_position(${parameters.bind(byTitle, 'bigint[]', 'instances by name')}, ${column}) ${direction}`];
}

/** People count: 2 comes before 10+, and what begins with no number after both. As many digits as fit a bigint. */
const leadingNumber = (column: string): string => `substring(${column}::text FROM '^[0-9]{1,18}')::bigint`;

/** Members with names in each week come in the order of their newest. */
function newestName({ dataset, instances }: CellsPlan['question'], dimension: Dimension, column: string, parameters: Parameters): string {
  const source = namesSource(dataset, dimension);
  const where = [
    instanceCondition(
      parameters,
      instances.map(({ id }) => id),
    ),
    ...levelConditions(parameters, source),
    `"${dimension.member}" = ${column}`,
  ];
  return `(SELECT "${dimension.named_by}" FROM ${source.table} WHERE ${where.join(' AND ')} ORDER BY ${source.bucket} DESC LIMIT 1)`;
}
