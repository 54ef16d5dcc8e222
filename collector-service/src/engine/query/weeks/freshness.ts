import type { MetricQuery } from '../../../contract/query.ts';
import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import { weekAge } from '../../../ground/calendar/age.ts';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import { isAnchor } from '../../../ground/calendar/window.ts';
import type { Reader } from '../ask/reader.ts';
import { instanceTitles, type ScopedInstance } from '../ask/scope.ts';
import type { Range } from '../plan/local-days.ts';
import type { FreshnessResult, WeekState } from '../result.ts';
import { readDatasetRows } from './dataset-rows.ts';
import { datasetsAsked } from './datasets-asked.ts';

/** Weeks shown at most; the newest are kept. */
const MOST_WEEKS = 5000;

/** Every week that is served, or that a live collection should hold, with how often it was restated. One more than is shown. */
const SQL = `
WITH asked AS (
  SELECT i.id AS instance_id, d.dataset, d.version
  FROM unnest($1::bigint[]) AS i(id), unnest($2::text[], $3::int[]) AS d(dataset, version)
), weeks AS (
  SELECT w.instance_id, w.dataset, w.dataset_version, w.week
  FROM asked a JOIN report_data_weeks w ON w.instance_id = a.instance_id AND w.dataset = a.dataset AND w.dataset_version = a.version
  WHERE w.data_version > 0
  UNION
  SELECT c.instance_id, c.dataset, c.dataset_version, g.week::date
  FROM asked a JOIN report_data_collections c ON c.instance_id = a.instance_id AND c.dataset = a.dataset AND c.dataset_version = a.version,
    generate_series(c.first_week::timestamp, c.last_week::timestamp, interval '7 days') AS g(week)
  WHERE c.state <> 'cancelled'
)
SELECT k.instance_id::text, k.dataset, k.week::text, coalesce(w.data_version, 0)::float8, coalesce(w.row_count, 0)::float8,
  (extract(epoch FROM w.collected_at) * 1000)::float8,
  (SELECT count(*) FROM week_revisions r
    WHERE r.instance_id = k.instance_id AND r.dataset = k.dataset AND r.dataset_version = k.dataset_version AND r.week = k.week AND r.totals_before IS NOT NULL)::float8,
  w.doubt IS NOT NULL
FROM weeks k LEFT JOIN report_data_weeks w
  ON w.instance_id = k.instance_id AND w.dataset = k.dataset AND w.dataset_version = k.dataset_version AND w.week = k.week AND w.data_version > 0
WHERE k.week >= to_timestamp($4::float8 / 1000) AT TIME ZONE 'UTC' AND k.week < to_timestamp($5::float8 / 1000) AT TIME ZONE 'UTC'
ORDER BY k.week DESC, k.instance_id, k.dataset LIMIT $6::int`;

type WeekRow = [
  instance: string,
  dataset: string,
  week: IsoDate,
  version: number,
  rows: number,
  collectedAt: number | null,
  restatements: number,
  doubtful: boolean,
];

/** A row per week whose Monday lies in the range: what is served, how old it is, when it was collected. Newest first. */
export async function answerFreshness(
  reader: Reader,
  catalogue: Catalogue,
  instances: readonly ScopedInstance[],
  query: MetricQuery,
  range: Range,
  now: Date,
): Promise<FreshnessResult> {
  const datasets = new Map(datasetsAsked(catalogue, query).map((each) => [each.dataset, each]));
  const limit = query.limit ?? MOST_WEEKS;
  const read = await readDatasetRows(reader, SQL, { instances, datasets: [...datasets.values()], range, rows: limit + 1 });
  const titles = instanceTitles(instances);
  const zones = new Map(instances.map(({ id, timeZone }) => [id, timeZone]));
  const rows = (read as WeekRow[])
    .slice(0, limit)
    .flatMap(([id, name, week, dataVersion, count, at, restatements, doubtful]): WeekState[] => {
      const { title, window, attribution } = datasets.get(name)!;
      // Most weeks of a collection by month begin no month.
      if (!isAnchor(window, week)) return [];
      return [
        {
          week,
          instance: titles.get(id) ?? '',
          dataset: name,
          datasetTitle: title,
          state: dataVersion === 0 ? 'missing' : doubtful ? 'doubtful' : 'complete',
          age: weekAge(week, now, zones.get(id) ?? 'UTC', attribution, window),
          collectedAt: at === null ? null : new Date(Math.round(at)),
          rows: count,
          dataVersion,
          restatements,
        },
      ];
    });
  const text = `Only the newest ${limit} weeks of this range are shown.`;
  return { kind: 'freshness', refId: query.refId, rows, notices: read.length > limit ? [{ severity: 'warning', text }] : [] };
}
