import type { Frame, Notice } from '../../../contract/frame.ts';
import type { IsoDate } from '../../../ground/calendar/week.ts';

import { makeFrame, noticesMeta, textField, timeField } from './frame.ts';

/** Something that happened to a week. */
export interface Annotation {
  at: Date;
  datasetTitle: string;
  week: IsoDate;
  /** As shown. */
  instance: string;
  /** What happened to the week, in a word: restated. */
  what: string;
  text: string;
  tags: readonly string[];
}

/** A table as Grafana's annotations read it: time, title, text, tags. */
export function annotationsFrame(
  { refId, severalInstances, notices }: { refId: string; severalInstances: boolean; notices: readonly Notice[] },
  rows: readonly Annotation[],
): Frame {
  const fields = [
    timeField(),
    textField('title', 'Title'),
    textField('text', 'Text'),
    textField('tags', 'Tags'),
    textField('week', 'Week'),
    textField('instance', 'Instance'),
  ];
  const values = [
    rows.map(({ at }) => at.getTime()),
    rows.map(({ datasetTitle, week, what }) => `${datasetTitle}: week of ${week} ${what}`),
    rows.map(({ instance, text }) => (severalInstances && instance !== '' ? `${instance}. ${text}` : text)),
    rows.map(({ tags }) => tags.join(',')),
    rows.map(({ week }) => week),
    rows.map(({ instance }) => instance),
  ];
  return makeFrame(refId, 'table', fields, values, { meta: noticesMeta(notices) });
}
