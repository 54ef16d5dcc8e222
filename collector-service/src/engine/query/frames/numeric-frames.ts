import type { Frame } from '../../../contract/frame.ts';
import { answerMeta, groupCurrency, labelsOf, makeFrame, noDataFrame, metricField, seriesTitle } from './frame.ts';
import type { MetricsResult } from '../result.ts';

/**
 * numeric-multi: a frame per number, without a time. A comparison adds the number before and the change as a fraction. What has
 * no number (a ratio by zero) has no frame: an empty one would turn a whole alert rule to NoData.
 */
export function numericFrames(result: MetricsResult): Frame[] {
  const frames: Frame[] = [];
  for (const { group, values } of result.rows) {
    result.columns.forEach((column, index) => {
      const value = values[index];
      if (value === undefined || value === null) return;
      const field = metricField(column, seriesTitle(result, column, group), labelsOf(result, column, group), groupCurrency(result, group));
      frames.push(makeFrame(result.refId, 'numeric-multi', [field], [[value]], frames.length === 0 ? { meta: answerMeta(result) } : {}));
    });
  }
  return frames.length > 0 ? frames : [noDataFrame(result, 'numeric-multi')];
}
