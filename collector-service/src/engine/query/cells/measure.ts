import type { Dataset, Metric } from '../../../data/catalogue/dataset.ts';

/** A number the database sums (or, for a distinct count, picks) for each cell. */
export interface Component {
  metric: Exclude<Metric, { kind: 'ratio' }>;
  /** Aggregate over the rows of a cell; never NULL for sums. */
  sql: string;
}

/** How a metric is computed from the components of a cell. */
export type Formula = { value: number } | { numerator: number; denominator: number; scale: number };

export interface Measure {
  metric: Metric;
  formula: Formula;
  /** Computed per currency: money, and ratios with money on either side. */
  isMoney: boolean;
  /** Money over money: spend and sales in different currencies make no ratio. */
  isMoneyOverMoney: boolean;
  /** Has a distinct count in it. */
  isDistinct: boolean;
}

/** The components with those of more sums at their end, which no measure of the question is computed from. */
export const withSums = (components: readonly Component[], metrics: readonly Component['metric'][]): Component[] => [
  ...components,
  ...metrics
    .filter((metric) => components.every((component) => component.metric.name !== metric.name))
    .map((metric) => ({ metric, sql: aggregate(metric) })),
];

/** The metrics of a question and the components they are computed from, each component once. */
export function measuresOf(dataset: Dataset, metrics: readonly Metric[]): { measures: Measure[]; components: Component[] } {
  const components: Component[] = [];
  const need = (name: string): { index: number; metric: Component['metric'] } => {
    const metric = dataset.metrics.find((each) => each.name === name);
    if (metric === undefined || metric.kind === 'ratio')
      throw new Error(`Dataset ${dataset.dataset}: '${name}' is no sum or distinct count`);
    const found = components.findIndex((component) => component.metric.name === name);
    if (found >= 0) return { index: found, metric };
    components.push({ metric, sql: aggregate(metric) });
    return { index: components.length - 1, metric };
  };
  const measures = metrics.map((metric): Measure => {
    if (metric.kind !== 'ratio') {
      const { index } = need(metric.name);
      return {
        metric,
        formula: { value: index },
        isMoney: metric.unit === 'currency',
        isMoneyOverMoney: false,
        isDistinct: metric.kind === 'distinct',
      };
    }
    const [numerator, denominator] = [need(metric.numerator), need(metric.denominator)];
    const money = [numerator, denominator].filter((side) => side.metric.unit === 'currency').length;
    return {
      metric,
      formula: { numerator: numerator.index, denominator: denominator.index, scale: metric.scale },
      isMoney: money > 0,
      isMoneyOverMoney: money === 2,
      isDistinct: numerator.metric.kind === 'distinct' || denominator.metric.kind === 'distinct',
    };
  });
  return { measures, components };
}

/** A distinct count is taken from the one row that holds it and never added: several rows in a cell give NULL. */
function aggregate(metric: Component['metric']): string {
  if (metric.kind === 'distinct') return `CASE WHEN count(*) = 1 THEN max("${metric.distinct}") END`;
  return metric.sum.map((column) => `coalesce(sum("${column}"), 0)`).join(' + ');
}

/**
 * A metric's value from a cell's components: sums are exact in the database and become doubles once; a ratio is one
 * division of two sums. Zero or missing denominators give null.
 */
export function evaluate(formula: Formula, components: readonly (number | null)[]): number | null {
  if ('value' in formula) return components[formula.value] ?? null;
  const numerator = components[formula.numerator] ?? null;
  const denominator = components[formula.denominator] ?? null;
  if (numerator === null || denominator === null || denominator === 0) return null;
  return (numerator * formula.scale) / denominator;
}
