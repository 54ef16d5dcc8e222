import type { Dimension } from '../../../data/catalogue/dataset.ts';
import { SUPPRESSED, UNKNOWN } from '../../../data/catalogue/tables.ts';
import type { CellsPlan, Ranking } from './cells-plan.ts';
import type { Measure } from './measure.ts';
import type { Parameters } from './parameters.ts';
import { instanceTitles } from '../ask/scope.ts';
import { namesSource } from '../plan/names.ts';
import { instanceCondition, levelConditions } from './conditions.ts';

/**
 * SQL of the ranking: the terms of its ORDER BY (ties are broken by the groups themselves, so that an order never
 * wavers), and the statement that names the currency money is compared in.
 *
 * Money of several currencies is ranked by the currency with most rows: amounts of different currencies have no order.
 * Where groups are split by currency, that one comes first and each is ranked by itself.
 * Nulls and hidden names come last in both directions.
 */
export function rankKey(
  plan: CellsPlan,
  ranking: Ranking,
  parameters: Parameters,
  inCurrency: string,
): { key: string[]; main: string | null } {
  const { by } = ranking;
  const direction = ranking.direction === 'asc' ? 'ASC' : 'DESC';
  const newest = ranking.byBucket ? ['b'] : [];
  if (by === 'time') return { key: [`b ${direction}`], main: null };
  if ('dimension' in by) return { key: [...dimensionKey(plan, by.dimension, direction, parameters), ...newest], main: null };
  // What is ranked has one cell in each currency, unless the cells keep buckets and it does not.
  const oneEach = ranking.byBucket || !plan.byBucket;
  if (!by.isMoney || !plan.byCurrency) {
    const key = measureKey(plan, by, '', oneEach && !plan.byCurrency);
    return { key: [`${key} ${direction} NULLS LAST`, ...newest], main: null };
  }
  const main = `SELECT c FROM cells WHERE ${inCurrency} GROUP BY c ORDER BY (left(c, 1) = chr(1)), sum(n) DESC, c LIMIT 1`;
  const split = plan.question.dimensions.indexOf('currency');
  if (split < 0)
    return {
      key: [`${measureKey(plan, by, ' FILTER (WHERE c = (SELECT c FROM main))', oneEach)} ${direction} NULLS LAST`, ...newest],
      main,
    };
  const currency = `g${split + 1}`;
  const byCurrency = [`(${currency} = (SELECT c FROM main)) DESC`, `(left(${currency}, 1) = chr(1))`, currency];
  return { key: [...byCurrency, `${measureKey(plan, by, '', oneEach)} ${direction} NULLS LAST`, ...newest], main };
}

/** @param single whether the filter leaves one cell of each group: max() picks it and keeps no sum for it */
function measureKey({ components }: CellsPlan, { formula }: Measure, filter: string, single: boolean): string {
  // A peak week, not a sum: distinct counts are never added, not even to rank them.
  const total = (index: number): string =>
    `${single || components[index]?.metric.kind === 'distinct' ? 'max' : 'sum'}(v${index + 1})${filter}`;
  if ('value' in formula) return total(formula.value);
  return `${total(formula.numerator)} / nullif(${total(formula.denominator)}, 0)`;
}

function dimensionKey({ question }: CellsPlan, dimension: string, direction: string, parameters: Parameters): string[] {
  const column = `g${question.dimensions.indexOf(dimension) + 1}`;
  const named = question.dataset.dimensions.find(({ name }) => name === dimension);
  if (named?.named_by !== undefined) return [newestName(question, named, column, parameters), column].map((term) => `${term} ${direction}`);
  if (dimension !== 'instance') {
    const hidden = parameters.bind([SUPPRESSED, UNKNOWN], 'text[]', 'hidden and unknown');
    return [`(${column} = ANY (${hidden}))`, `${column} ${direction}`];
  }
  const titles = instanceTitles(question.instances);
  const byTitle = [...titles].sort(([, a], [, b]) => a.localeCompare(b)).map(([id]) => id);
  return [`array_position(${parameters.bind(byTitle, 'bigint[]', 'instances by name')}, ${column}) ${direction}`];
}

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
