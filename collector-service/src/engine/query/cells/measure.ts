import type { Dataset, Metric } from '../../../data/catalogue/dataset.ts';
import { isSum, type AskedMetric } from '../calculated/calculated-metric.ts';
import { componentsIn, type Formula } from '../calculated/formula.ts';
import type { Expression } from '../calculated/parse.ts';

/** A number the database sums (or, for a distinct count, picks) for each cell. */
export interface Component {
  metric: Exclude<Metric, { kind: 'ratio' }>;
  /** Aggregate over the rows of a cell; never NULL for sums. */
  sql: string;
}

export interface Measure<M extends AskedMetric = AskedMetric> {
  metric: M;
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
export function measuresOf<M extends AskedMetric>(
  dataset: Dataset,
  metrics: readonly M[],
): { measures: Measure<M>[]; components: Component[] } {
  const components: Component[] = [];
  const need = (name: string): number => {
    const metric = dataset.metrics.find((each) => each.name === name);
    if (metric === undefined || metric.kind === 'ratio')
      throw new Error(`Dataset ${dataset.dataset}: '${name}' is no sum or distinct count`);
    const found = components.findIndex((component) => component.metric.name === name);
    return found >= 0 ? found : components.push({ metric, sql: aggregate(metric) }) - 1;
  };
  const ofMetric = (metric: Metric): Formula => {
    if (metric.kind !== 'ratio') return { value: need(metric.name) };
    return { numerator: need(metric.numerator), denominator: need(metric.denominator), scale: metric.scale };
  };
  const ofExpression = (expression: Expression): Formula => {
    if ('number' in expression) return { constant: expression.number };
    if ('metric' in expression) return ofMetric(dataset.metrics.find(({ name }) => name === expression.metric)!);
    const [left, right] = [ofExpression(expression.left), ofExpression(expression.right)];
    return { operator: expression.operator, left, right };
  };
  const measures = metrics.map((metric): Measure<M> => {
    const formula = metric.kind === 'calculated' ? ofExpression(metric.expression) : ofMetric(metric);
    const parts = componentsIn(formula).map((index) => components[index]!.metric);
    const money = parts.filter(({ unit }) => unit === 'currency').length;
    return {
      metric,
      formula,
      isMoney: money > 0,
      isMoneyOverMoney: money > 1 && !isSum(metric),
      isDistinct: parts.some(({ kind }) => kind === 'distinct'),
    };
  });
  return { measures, components };
}

/** A distinct count is taken from the one row that holds it and never added: several rows in a cell give NULL. */
function aggregate(metric: Component['metric']): string {
  if (metric.kind === 'distinct') return `CASE WHEN count(*) = 1 THEN max("${metric.distinct}") END`;
  return metric.sum.map((column) => `coalesce(sum("${column}"), 0)`).join(' + ');
}
