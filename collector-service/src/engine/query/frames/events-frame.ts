import type { Frame } from '../../../contract/frame.ts';
import type { EventsResult, WeekEvent } from '../result.ts';
import { makeFrame, noticesMeta, textField, timeField } from './frame.ts';
import { describeRestatement } from './restatements-frame.ts';

/** A table as Grafana's annotations read it: time, title, text, tags. */
export function eventsFrame({ refId, rows, severalInstances, notices }: EventsResult): Frame {
  const fields = [
    timeField(),
    textField('title', 'Title'),
    textField('text', 'Text'),
    textField('tags', 'Tags'),
    textField('week', 'Week'),
    textField('instance', 'Instance'),
  ];
  const who = ({ instance }: WeekEvent): string => (severalInstances && instance !== '' ? `${instance}. ` : '');
  const values = [
    rows.map(({ at }) => at.getTime()),
    rows.map(({ datasetTitle, week, kind }) => `${datasetTitle}: week of ${week} ${kind}`),
    rows.map((row) => who(row) + (row.kind === 'restated' ? describeRestatement(row) : row.reason)),
    rows.map(({ kind, dataset }) => `${kind},${dataset}`),
    rows.map(({ week }) => week),
    rows.map(({ instance }) => instance),
  ];
  return makeFrame(refId, 'table', fields, values, { meta: noticesMeta(notices) });
}
