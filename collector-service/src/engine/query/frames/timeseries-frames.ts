import type { Frame } from '../../../contract/frame.ts';
import { bucketTime } from '../plan/buckets.ts';
import { answerMeta, groupCurrency, labelsOf, makeFrame, noDataFrame, metricField, seriesTitle, timeField } from './frame.ts';
import type { MetricsResult, ResultRow } from '../result.ts';

/**
 * timeseries-multi: a frame per series, [time, value]. Every series has a point for each answered bucket; one without a
 * row is null and not zero, because Amazon may have hidden it. The compared series lies on the current bucket times.
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
      const field = metricField(column, title, labelsOf(result, column, group), groupCurrency(result, group));
      const first = frames.length === 0;
      frames.push(
        makeFrame(result.refId, 'timeseries-multi', [timeField(), field], [times, values.map((value) => value ?? null)], {
          name: title,
          ...(first && { meta: answerMeta(result) }),
        }),
      );
    });
  }
  return frames.length > 0 ? frames : [noDataFrame(result, 'timeseries-multi')];
}
