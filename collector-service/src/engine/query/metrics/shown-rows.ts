import type { IsoDate } from '../../../ground/calendar/week.ts';
import { isOverBuckets } from '../ask/check-query.ts';
import type { Question } from '../ask/question.ts';
import { refusal } from '../ask/refusal.ts';
import type { Measure } from '../cells/measure.ts';
import { cumulative, movingAverage, overBuckets } from './over-buckets.ts';
import type { Row } from './rows.ts';

/** A running total or an average of counts of people says nothing. @throws CollectorError invalid_request */
export function refusePeople({ query }: Question, measures: readonly Measure[]): void {
  const people = query.transform === 'none' ? undefined : measures.find(({ isDistinct }) => isDistinct);
  if (people !== undefined)
    throw refusal('invalid_request', `${people.metric.title} counts people, who cannot be added up. Ask for it without transform.`);
}

/** The rows that are shown, with what a transform over buckets makes of them. */
export function shownRows(
  question: Question,
  joined: readonly Row[],
  buckets: readonly IsoDate[],
  gaps: { current: ReadonlySet<IsoDate>; previous: ReadonlySet<IsoDate> },
): readonly Row[] {
  const { query, metricFilters, order } = question;
  // What a filter on a metric left out now is not shown for what it was before.
  const rows = metricFilters.length === 0 ? joined : joined.filter(({ current }) => current !== null);
  if (!isOverBuckets(query)) return rows;
  const change = query.transform === 'cumulative' ? cumulative : movingAverage(query.movingAverage.points);
  const width = rows[0] === undefined ? 0 : ([...(rows[0].current ?? rows[0].previous ?? [])][0]?.[1].components.length ?? 0);
  const changed = overBuckets(rows, buckets, gaps, width, change);
  if (query.format !== 'table') return changed;
  const sign = order?.by === 'time' && order.direction === 'desc' ? -1 : 1;
  return changed
    .filter(({ bucket }) => !gaps.current.has(bucket!))
    .sort((a, b) => (a.bucket! < b.bucket! ? -sign : a.bucket! > b.bucket! ? sign : 0));
}
