import type { Field, Frame } from '../../../contract/frame.ts';
import type { CollectionHealthResult, HealthMeasure } from '../result.ts';
import { makeFrame, noticesMeta, textField } from './frame.ts';

const MEASURES: Record<HealthMeasure, { title: string; description: string; unit: string }> = {
  complete: { title: 'Weeks complete', description: 'Weeks that are due and have data', unit: 'short' },
  missing: { title: 'Weeks missing', description: 'Weeks that are due and have none', unit: 'short' },
  failed: { title: 'Weeks failed', description: 'Missing weeks whose newest run failed', unit: 'short' },
  held: { title: 'Weeks held', description: 'Weeks whose newest result waits for a decision', unit: 'short' },
  doubtful: { title: 'Weeks doubtful', description: 'Weeks much unlike those around them', unit: 'short' },
  late_days: { title: 'Late', description: 'Days since the first week missing at the end was due, 0 when none is', unit: 'd' },
};

const measureField = (measure: HealthMeasure, name: string, labels?: Record<string, string>): Field => ({
  name: measure,
  type: 'number',
  typeInfo: { frame: 'float64', nullable: true },
  ...(labels && { labels }),
  config: { displayNameFromDS: name, description: MEASURES[measure].description, unit: MEASURES[measure].unit },
});

/** A table with a row for each instance and dataset; as numbers, one for each measure of those, with them as labels. */
export function healthFrames(result: CollectionHealthResult): Frame[] {
  return result.format === 'numeric' ? numbers(result) : [table(result)];
}

function table({ refId, measures, rows, notices }: CollectionHealthResult): Frame {
  const fields = [
    textField('instance', 'Instance'),
    textField('dataset', 'Dataset'),
    textField('collection', 'Collection'),
    ...measures.map((measure) => measureField(measure, MEASURES[measure].title)),
  ];
  const values = [
    rows.map(({ instance }) => instance),
    rows.map(({ datasetTitle }) => datasetTitle),
    rows.map(({ collection }) => collection),
    ...measures.map((measure) => rows.map((row) => row[measure])),
  ];
  return makeFrame(refId, 'table', fields, values, { meta: { ...noticesMeta(notices), preferredVisualisationType: 'table' } });
}

function numbers({ refId, measures, rows, notices }: CollectionHealthResult): Frame[] {
  const frames = rows.flatMap((row) =>
    measures.map((measure): Frame => {
      const labels = { instance: row.instance, dataset: row.dataset, ...(measures.length > 1 && { metric: measure }) };
      const field = measureField(measure, `${MEASURES[measure].title}: ${row.instance} / ${row.datasetTitle}`, labels);
      return makeFrame(refId, 'numeric-multi', [field], [[row[measure]]]);
    }),
  );
  const [first, ...rest] = frames;
  if (first === undefined) return [makeFrame(refId, 'numeric-multi', [], [], { meta: noticesMeta(notices) })];
  return [{ ...first, schema: { ...first.schema, meta: { ...first.schema.meta, ...noticesMeta(notices) } } }, ...rest];
}
