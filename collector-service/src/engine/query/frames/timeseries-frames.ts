import type { Frame } from '../../../contract/frame.ts';
import { bucketTime } from '../plan/buckets.ts';
import {
  answerMeta,
  DASHED,
  groupCurrency,
  labelsOf,
  makeFrame,
  metricField,
  noDataFrame,
  numberField,
  seriesTitle,
  timeField,
} from './frame.ts';
import { unitConfig } from './grafana-unit.ts';
import { isSum } from '../calculated/calculated-metric.ts';
import type { MetricsResult, ResultColumn, ResultRow, Value } from '../result.ts';

/**
 * timeseries-multi: a frame per series, [time, value]. Every series has a point for each bucket: null where there is no answer, so that a
 * missing week is a gap, and for sums zero where there is one and the group did nothing (what Amazon hid there is said in the notice).
 * The compared series lies on the current bucket times.
 */
export function timeseriesFrames(result: MetricsResult): Frame[] {
  const groups = new Map<string, Map<string, ResultRow>>();
  const total = result.buckets[0];
  if (total === undefined) return [noDataFrame(result, 'timeseries-multi')];
  for (const row of result.rows) {
    const key = JSON.stringify(row.group);
    const series = groups.get(key) ?? new Map<string, ResultRow>();
    groups.set(key, series.set(row.bucket ?? total, row));
  }
  const times = result.buckets.map(bucketTime);
  const frames: Frame[] = [];
  for (const rows of groups.values()) {
    const group = rows.values().next().value?.group ?? [];
    result.columns.forEach((column, index) => {
      if (column.period === 'change') return;
      const values = result.buckets.map((bucket) => rows.get(bucket)?.values[index]);
      if (values.every((value) => value === undefined)) return;
      const title = seriesTitle(result, column, group);
      const plain = metricField(column, title, labelsOf(result, column, group), groupCurrency(result, group));
      const field = column.period === 'previous' ? { ...plain, config: { ...plain.config, custom: DASHED } } : plain;
      const first = frames.length === 0;
      frames.push(
        makeFrame(result.refId, 'timeseries-multi', [timeField(), field], [times, filled(result, column, values)], {
          name: title,
          ...(first && { meta: answerMeta(result) }),
        }),
      );
    });
  }
  return frames.length > 0 ? [...frames, ...goalFrames(result, times)] : [noDataFrame(result, 'timeseries-multi')];
}

/** A constant series for each goal. */
const goalFrames = (result: MetricsResult, times: readonly number[]): Frame[] =>
  result.goals.map(({ metric, unit, currency, title, value }) => {
    const labels = { goal: title, ...(result.manyMetrics && { metric: metric.name }), ...(currency !== null && { currency }) };
    const field = numberField(`${metric.name} (goal)`, title, labels, { ...unitConfig(unit, currency), custom: DASHED });
    return makeFrame(result.refId, 'timeseries-multi', [timeField(), field], [[...times], times.map(() => value)], { name: title });
  });

/** A sum over nothing is zero; a ratio or a count of people is nothing. */
function filled(
  { buckets, gaps, previousGaps }: MetricsResult,
  { metric, period }: ResultColumn,
  values: readonly Value[],
): (number | null)[] {
  const missing = period === 'current' ? gaps : previousGaps;
  return buckets.map((bucket, index) => values[index] ?? (isSum(metric) && values[index] === undefined && !missing.has(bucket) ? 0 : null));
}
