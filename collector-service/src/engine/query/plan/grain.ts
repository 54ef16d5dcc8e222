import { windowTitle } from '../../../ground/calendar/window.ts';
import type { AskedMetric } from '../calculated/calculated-metric.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import type { MetricQuery } from '../../../contract/query.ts';
import { daysBetween } from '../../../ground/calendar/week.ts';
import type { BucketGrain } from './buckets.ts';
import type { Days } from './local-days.ts';
import { refusal } from '../ask/refusal.ts';

export type Grain = 'total' | BucketGrain;

/** Longest range that is still readable by day: a quarter. */
const MOST_DAYS = 93;
/** Longest range that is still readable by week: two years. */
const MOST_WEEKS = 105;

export const hasDays = (dataset: Dataset): boolean => dataset.columns.some((column) => column.role === 'day');

/**
 * The grain a query is answered in.
 *
 * `auto` is the total for tables and numbers; for series day, week or month, the finest that stays readable within
 * `maxDataPoints`; a range too short for a week is answered by day. Distinct counts exist by week only. `latest`
 * asks for one bucket: a total's buckets are weeks (or whatever window the dataset has), so it is the newest complete one.
 * @param windows datasets that ask the same over other windows: months of a dataset without days need one
 * @throws CollectorError invalid_request for a grain the dataset or the format cannot have
 */
export function resolveGrain(
  query: MetricQuery,
  dataset: Dataset,
  metrics: readonly { kind: AskedMetric['kind'] }[],
  asked: Days,
  maxDataPoints: number,
  windows: readonly Dataset[] = [dataset],
): Grain {
  const days = hasDays(dataset);
  const { grain, format, latest } = query;
  const own = dataset.window === 'month' ? 'month' : 'week';
  const hasMonths = days || windows.some(({ window }) => window === 'month');
  if ((grain === 'day' && !days) || (grain === 'month' && !hasMonths) || (grain === 'week' && own === 'month')) {
    const holds = dataset.window === 'week' ? 'whole weeks' : `whole windows (${windowTitle(dataset.window)})`;
    throw refusal(
      'invalid_request',
      `Dataset '${dataset.dataset}' holds ${holds} without days, so it has no ${grain} grain. Ask by ${own} or for the total.`,
    );
  }
  if (format === 'numeric' && !latest && grain !== 'total' && grain !== 'auto') {
    throw refusal(
      'invalid_request',
      `A single number has no ${grain} buckets. Ask for grain total, or set latest for the newest complete ${grain}.`,
    );
  }
  if (grain !== 'auto') return latest && grain === 'total' ? own : grain;
  if (latest) return own;
  if (format !== 'timeseries') return 'total';
  if (!days || metrics.some((metric) => metric.kind === 'distinct')) return own;
  const length = daysBetween(asked.start, asked.end);
  if (length <= MOST_DAYS && (length <= maxDataPoints || length < 7)) return 'day';
  return length / 7 <= Math.min(MOST_WEEKS, maxDataPoints) ? 'week' : 'month';
}
