import type { AskedMetric } from '../calculated/calculated-metric.ts';
import type { ResultColumn } from '../result.ts';
import { shownValue } from './dimension-value.ts';

/**
 * A column as it is shown.
 * @param stored currency as stored; null (or '') for counts
 * @param several the metric has several columns of a period: the title says the currency
 */
export function resultColumn(
  metric: AskedMetric,
  stored: string | null,
  several: boolean,
  period: ResultColumn['period'] = 'current',
): ResultColumn {
  const currency = stored === null || stored === '' ? null : shownValue(undefined, stored);
  const title = several && currency !== null ? `${metric.title} (${currency})` : metric.title;
  return { metric, unit: period === 'change' ? 'percent' : metric.unit, currency, period, title };
}
