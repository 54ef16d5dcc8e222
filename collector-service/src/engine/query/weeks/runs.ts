import type { MetricQuery } from '../../../contract/query.ts';
import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Reader } from '../ask/reader.ts';
import { instanceTitles, type ScopedInstance } from '../ask/scope.ts';
import type { Range } from '../plan/local-days.ts';
import type { RunLine, RunsResult } from '../result.ts';
import { readDatasetRows } from './dataset-rows.ts';
import { datasetsAsked } from './datasets-asked.ts';

/** Lines shown at most when the query sets no limit; the newest are kept. */
const MOST_LINES = 1000;

/**
 * What runs of weeks left behind: a line when a run ended (or changed last, while it goes on), and one for the newest error that it was
 * tried again after. One more than is shown is read.
 */
const SQL = `
SELECT l.at, r.id::text, c.instance_id::text, c.dataset, r.week::text, l.state, r.attempt, r.execution_id,
  coalesce(r.rows_added, 0)::float8, coalesce(r.rows_changed, 0)::float8, coalesce(r.rows_vanished, 0)::float8, l.error_code, l.error_message
FROM report_data_collections c JOIN week_runs r ON r.collection_id = c.id, LATERAL (
  SELECT (extract(epoch FROM coalesce(r.finished_at, r.updated_at)) * 1000)::float8, r.state,
    CASE WHEN r.state IN ('failed', 'held') THEN r.error_code END, CASE WHEN r.state IN ('failed', 'held') THEN r.error_message END
  UNION ALL
  SELECT (extract(epoch FROM r.error_at) * 1000)::float8, 'tried again', r.error_code, r.error_message
  WHERE r.error_at IS NOT NULL AND r.state NOT IN ('failed', 'held')) AS l(at, state, error_code, error_message)
WHERE c.instance_id = ANY ($1::bigint[]) AND (c.dataset, c.dataset_version) IN (SELECT * FROM unnest($2::text[], $3::int[]))
  AND l.at >= $4::float8 AND l.at < $5::float8
ORDER BY l.at DESC, r.id DESC, l.state LIMIT $6::int`;

type Row = [
  at: number,
  run: string,
  instance: string,
  dataset: string,
  week: IsoDate,
  state: RunLine['state'],
  attempt: number,
  execution: string | null,
  added: number,
  changed: number,
  vanished: number,
  code: string | null,
  message: string | null,
];

/** Runs of weeks as lines of a log, newest first: those that changed in the range (instants). */
export async function answerRuns(
  reader: Reader,
  catalogue: Catalogue,
  instances: readonly ScopedInstance[],
  query: MetricQuery,
  range: Range,
): Promise<RunsResult> {
  const datasets = datasetsAsked(catalogue, query);
  const limit = query.limit ?? MOST_LINES;
  const read = (await readDatasetRows(reader, SQL, { instances, datasets, range, rows: limit + 1 })) as Row[];
  const titles = instanceTitles(instances);
  const rows = read
    .slice(0, limit)
    .map(([at, run, instance, dataset, week, state, attempt, execution, added, changed, vanished, code, message]): RunLine => ({
      at: new Date(Math.round(at)),
      run,
      instance: titles.get(instance) ?? '',
      dataset,
      datasetTitle: datasets.find((each) => each.dataset === dataset)!.title,
      week,
      state,
      attempt,
      execution,
      rowsAdded: added,
      rowsChanged: changed,
      rowsVanished: vanished,
      error: message === null ? null : { code: code ?? '', message },
    }));
  const text = `Only the newest ${limit} lines of this range are shown.`;
  const isCut = read.length > limit && query.limit === undefined;
  return { kind: 'runs', refId: query.refId, rows, notices: isCut ? [{ severity: 'warning', text }] : [] };
}
