import type { Calculated } from '../../../contract/query.ts';
import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import type { Dataset, Metric } from '../../../data/catalogue/dataset.ts';
import { refusal } from '../ask/refusal.ts';
import { parseExpression, type Expression } from './parse.ts';

/** A metric that a query makes of others. */
export interface CalculatedMetric {
  kind: 'calculated';
  name: string;
  title: string;
  /** The expression as written. */
  description: string;
  unit: Metric['unit'];
  better: Metric['better'];
  expression: Expression;
  /** A sum of sums, times numbers at most: it may be added up like them. */
  isSum: boolean;
}

/** What can be asked for: a metric of the dataset, or one that the query makes. */
export type AskedMetric = Metric | CalculatedMetric;

/** Whether numbers of the metric may be added. */
export const isSum = (metric: AskedMetric): boolean => metric.kind === 'additive' || (metric.kind === 'calculated' && metric.isSum);

/** Names of the metrics in an expression, each once. */
function metricsIn(expression: Expression): string[] {
  if ('number' in expression) return [];
  if ('metric' in expression) return [expression.metric];
  return [...new Set([...metricsIn(expression.left), ...metricsIn(expression.right)])];
}

/** Names of the metrics that a calculated one is made of. @throws CollectorError invalid_request for an expression without any */
export function metricsOf({ name, expression: text }: Pick<Calculated, 'name' | 'expression'>): string[] {
  const names = metricsIn(parseExpression(name, text));
  if (names.length > 0) return names;
  throw refusal('invalid_request', `Calculated metric '${name}': '${text}' names no metric. Use at least one of the dataset’s.`);
}

/** What an expression is, to tell what may be added to it. */
interface Kind {
  /** Power of money: 1 for spend, -1 for clicks per spend; null for a number, which takes any. */
  money: number | null;
  isSum: boolean;
  /** The unit all its metrics share, while they are only added. */
  unit: Metric['unit'] | null;
}

/**
 * A calculated metric whose names are the dataset's.
 * @throws CollectorError unknown_metric with suggestions; invalid_request for an expression that cannot be read or adds
 *   money to something else
 */
export function resolveCalculated(catalogue: Catalogue, dataset: Dataset, asked: Calculated): CalculatedMetric {
  const { name, expression: text } = asked;
  if (dataset.metrics.some((metric) => metric.name === name))
    throw refusal('invalid_request', `Calculated metric '${name}' has the name of a metric of '${dataset.dataset}'. Give it another.`);
  const expression = parseExpression(name, text);
  const kind = kindOf(expression, (metric) => catalogue.findMetric(dataset, metric), name);
  const unit = asked.unit ?? kind.unit ?? (kind.money === 1 ? 'currency' : 'ratio');
  if (unit === 'currency' && kind.money !== 1)
    throw refusal('invalid_request', `Calculated metric '${name}': '${text}' is no amount of money, so its unit cannot be currency.`);
  const { title = name, better = 'neutral' } = asked;
  return { kind: 'calculated', name, title, description: text, unit, better, expression, isSum: kind.isSum };
}

function kindOf(expression: Expression, find: (name: string) => Metric, name: string): Kind {
  if ('number' in expression) return { money: null, isSum: false, unit: null };
  if ('metric' in expression) {
    const metric = find(expression.metric);
    return { money: metric.unit === 'currency' ? 1 : 0, isSum: metric.kind === 'additive', unit: metric.unit };
  }
  const { operator, position } = expression;
  const [left, right] = [kindOf(expression.left, find, name), kindOf(expression.right, find, name)];
  if (operator === '+' || operator === '-') {
    if (left.money !== null && right.money !== null && left.money !== right.money)
      throw refusal(
        'invalid_request',
        `Calculated metric '${name}': '${operator}' at position ${position} adds money to what is none. Only like can be added; multiply or divide instead.`,
      );
    const one = left.unit === right.unit || right.money === null ? left.unit : left.money === null ? right.unit : null;
    return { money: left.money ?? right.money, isSum: left.isSum && right.isSum, unit: one };
  }
  const sign = operator === '/' ? -1 : 1;
  const money = left.money === null && right.money === null ? null : (left.money ?? 0) + sign * (right.money ?? 0);
  // Times or by a number a sum stays one.
  if (right.money === null) return { money, isSum: left.isSum, unit: left.unit };
  if (left.money === null && operator === '*') return { money, isSum: right.isSum, unit: right.unit };
  return { money, isSum: false, unit: null };
}
