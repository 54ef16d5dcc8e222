import type { Field, Frame } from '../../../contract/frame.ts';
import { bucketTime } from '../plan/buckets.ts';
import type { FreshnessResult } from '../result.ts';
import { makeFrame, noticesMeta, textField, timeField } from './frame.ts';

const count = (name: string, title: string): Field => ({
  name,
  type: 'number',
  typeInfo: { frame: 'float64' },
  config: { displayNameFromDS: title, unit: 'short' },
});

/** A table with a row for each week. */
export function freshnessFrame({ refId, rows, notices }: FreshnessResult): Frame {
  const collectedAt: Field = {
    ...timeField('collected_at'),
    typeInfo: { frame: 'time.Time', nullable: true },
    config: { displayNameFromDS: 'Collected' },
  };
  const fields = [
    { ...timeField('week'), config: { displayNameFromDS: 'Week' } },
    textField('instance', 'Instance'),
    textField('dataset', 'Dataset'),
    textField('state', 'State'),
    textField('age', 'Age'),
    collectedAt,
    count('rows', 'Rows'),
    count('data_version', 'Revision'),
    count('restatements', 'Restatements'),
  ];
  const values = [
    rows.map(({ week }) => bucketTime(week)),
    rows.map(({ instance }) => instance),
    rows.map(({ datasetTitle }) => datasetTitle),
    rows.map(({ state }) => state),
    rows.map(({ age }) => age),
    rows.map((row) => row.collectedAt?.getTime() ?? null),
    rows.map((row) => row.rows),
    rows.map(({ dataVersion }) => dataVersion),
    rows.map(({ restatements }) => restatements),
  ];
  return makeFrame(refId, 'table', fields, values, { meta: { ...noticesMeta(notices), preferredVisualisationType: 'table' } });
}
