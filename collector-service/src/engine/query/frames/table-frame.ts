import type { Field, Frame } from '../../../contract/frame.ts';
import { bucketTime } from '../plan/buckets.ts';
import { answerMeta, makeFrame, metricField, numberField, textField, timeField } from './frame.ts';
import { unitConfig } from './grafana-unit.ts';
import type { MetricsResult, ResultColumn } from '../result.ts';

/**
 * One table: the bucket's time (unless a total), a text column per dimension, a number column per metric and currency,
 * with `<metric> (previous)` and `<metric> change` (a fraction) beside each when compared. An empty table keeps its columns.
 */
export function tableFrame(result: MetricsResult): Frame {
  const hasTime = result.grain !== 'total';
  const fields: Field[] = [];
  const values: Frame['data']['values'] = [];
  const put = (field: Field, column: Frame['data']['values'][number]): void => {
    fields.push(field);
    values.push(column);
  };
  if (hasTime)
    put(
      timeField(),
      result.rows.map((row) => (row.bucket === null ? null : bucketTime(row.bucket))),
    );
  result.dimensions.forEach(({ name, title }, index) =>
    put(
      textField(name, title),
      result.rows.map((row) => row.group[index] ?? ''),
    ),
  );
  result.columns.forEach((column, index) => {
    const labels: Record<string, string> = column.currency === null ? {} : { currency: column.currency };
    put(
      metricField(column, columnTitle(column), labels, null),
      result.rows.map((row) => row.values[index] ?? null),
    );
  });
  result.goals.forEach(({ metric, unit, currency, title, value }) =>
    put(
      numberField(`${metric.name} (goal)`, title, currency === null ? {} : { currency }, unitConfig(unit, currency)),
      result.rows.map(() => value),
    ),
  );
  if (hasTime && result.markPartial) {
    const field: Field = { name: 'partial', type: 'boolean', typeInfo: { frame: 'bool' }, config: { displayNameFromDS: 'Partial' } };
    put(
      field,
      result.rows.map((row) => row.bucket !== null && result.partial.has(row.bucket)),
    );
  }
  return makeFrame(result.refId, 'table', fields, values, { meta: { ...answerMeta(result), preferredVisualisationType: 'table' } });
}

const columnTitle = ({ title, period }: ResultColumn): string =>
  title + { current: '', previous: ' (previous)', change: ' change' }[period];
