import type { MetricQuery } from '../../../contract/query.ts';
import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Reader } from '../ask/reader.ts';
import { instanceTitles, type ScopedInstance } from '../ask/scope.ts';
import type { Range } from '../plan/local-days.ts';
import type { EventsResult, WeekEvent } from '../result.ts';
import { readDatasetRows } from './dataset-rows.ts';
import { datasetsAsked } from './datasets-asked.ts';
import { answerRestatements } from './restatements.ts';

/** Events shown at most; the newest are kept. */
const MOST_EVENTS = 1000;

/** Runs that failed for good and results that were held, with the first reason. One more than is shown is read. */
const SQL = `
SELECT e.at, e.kind, e.instance_id::text, e.dataset, e.week::text, e.reason FROM (
  SELECT (extract(epoch FROM coalesce(r.finished_at, r.updated_at)) * 1000)::float8 AS at, 'failed' AS kind, c.instance_id, c.dataset,
    c.dataset_version, r.week, r.error_message AS reason
  FROM report_data_collections c JOIN week_runs r ON r.collection_id = c.id
  WHERE c.instance_id = ANY ($1::bigint[]) AND r.state = 'failed'
  UNION ALL
  SELECT (extract(epoch FROM h.held_at) * 1000)::float8, 'held', h.instance_id, h.dataset, h.dataset_version, h.week, h.objections -> 0 ->> 'message'
  FROM held_runs h WHERE h.instance_id = ANY ($1::bigint[])) AS e
WHERE (e.dataset, e.dataset_version) IN (SELECT * FROM unnest($2::text[], $3::int[])) AND e.at >= $4::float8 AND e.at < $5::float8
ORDER BY e.at DESC, e.instance_id, e.dataset, e.week LIMIT $6::int`;

type Row = [at: number, kind: 'failed' | 'held', instance: string, dataset: string, week: IsoDate, reason: string | null];

/** What happened to weeks in a range of instants, oldest first: restated, failed, held. */
export async function answerEvents(
  reader: Reader,
  catalogue: Catalogue,
  instances: readonly ScopedInstance[],
  query: MetricQuery,
  range: Range,
): Promise<EventsResult> {
  const datasets = datasetsAsked(catalogue, query);
  const limit = query.limit ?? MOST_EVENTS;
  const restated = await answerRestatements(reader, catalogue, instances, { ...query, limit }, range);
  const read = (await readDatasetRows(reader, SQL, { instances, datasets, range, rows: limit + 1 })) as Row[];
  const titles = instanceTitles(instances);
  const others = read.map(([at, kind, instance, dataset, week, reason]): WeekEvent => ({
    kind,
    at: new Date(Math.round(at)),
    dataset,
    datasetTitle: datasets.find((each) => each.dataset === dataset)!.title,
    week,
    instance: titles.get(instance) ?? '',
    reason: reason ?? '',
  }));
  const all = [...restated.rows.map((row): WeekEvent => ({ kind: 'restated', ...row, at: row.acceptedAt })), ...others];
  all.sort((a, b) => a.at.getTime() - b.at.getTime());
  const isCut = all.length > limit || restated.notices.length > 0;
  const text = `Only the newest ${limit} events of this range are shown.`;
  return {
    kind: 'events',
    refId: query.refId,
    rows: all.slice(-limit),
    severalInstances: instances.length > 1,
    notices: isCut && query.limit === undefined ? [{ severity: 'warning', text }] : [],
  };
}
