import type { MetricQuery } from '../../../contract/query.ts';
import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { daysBetween, localDate, addDays, type IsoDate } from '../../../ground/calendar/week.ts';
import { isAnchor, newestCompleteAnchor, windowDays } from '../../../ground/calendar/window.ts';
import type { Reader } from '../ask/reader.ts';
import { refusal } from '../ask/refusal.ts';
import { instanceTitles, type ScopedInstance } from '../ask/scope.ts';
import type { Range } from '../plan/local-days.ts';
import { HEALTH_MEASURES, type CollectionHealth, type CollectionHealthResult, type HealthMeasure } from '../result.ts';
import { readDatasetRows } from './dataset-rows.ts';
import { datasetsAsked } from './datasets-asked.ts';

/** Weeks read at most: 20 instances with ten datasets over two years. */
const MOST_WEEKS = 25_000;
/** A week may be bought 48 hours after its end (design.md §5, Planning): it is late from the day after. */
const DUE_AFTER_DAYS = 2;

/** Every week that a live collection should hold, whether it has a result, and the state of its newest run. */
const SQL = `
WITH asked AS (
  SELECT i.id AS instance_id, d.dataset, d.version
  FROM unnest($1::bigint[]) AS i(id), unnest($2::text[], $3::int[]) AS d(dataset, version)
)
SELECT c.instance_id::text, c.dataset, c.state, g.week::date::text, coalesce(w.data_version, 0) > 0, w.doubt IS NOT NULL,
  (SELECT r.state FROM week_runs r WHERE r.collection_id = c.id AND r.week = g.week::date ORDER BY r.id DESC LIMIT 1)
FROM asked a JOIN report_data_collections c ON c.instance_id = a.instance_id AND c.dataset = a.dataset AND c.dataset_version = a.version
  CROSS JOIN LATERAL generate_series(c.first_week::timestamp, c.last_week::timestamp, interval '7 days') AS g(week)
  LEFT JOIN report_data_weeks w ON w.instance_id = c.instance_id AND w.dataset = c.dataset AND w.dataset_version = c.dataset_version AND w.week = g.week::date
WHERE c.state <> 'cancelled' AND g.week >= to_timestamp($4::float8 / 1000) AT TIME ZONE 'UTC' AND g.week < to_timestamp($5::float8 / 1000) AT TIME ZONE 'UTC'
ORDER BY g.week DESC, c.instance_id, c.dataset LIMIT $6::int`;

type WeekRow = [
  instance: string,
  dataset: string,
  collection: 'running' | 'paused' | 'stopped',
  week: IsoDate,
  complete: boolean,
  doubtful: boolean,
  lastRun: string | null,
];

/**
 * How the collections of each instance and dataset do, over the weeks whose Monday lies in the range: weeks complete, due and missing,
 * failed, held and doubtful, and days since the first week that is missing at the end was due. `metrics` may choose among these.
 * @throws CollectorError invalid_request for another measure
 */
export async function answerCollectionHealth(
  reader: Reader,
  catalogue: Catalogue,
  instances: readonly ScopedInstance[],
  query: MetricQuery,
  range: Range,
  now: Date,
): Promise<CollectionHealthResult> {
  const datasets = new Map(datasetsAsked(catalogue, query).map((each) => [each.dataset, each]));
  const read = (await readDatasetRows(reader, SQL, {
    instances,
    datasets: [...datasets.values()],
    range,
    rows: MOST_WEEKS + 1,
  })) as WeekRow[];
  const titles = instanceTitles(instances);
  const zones = new Map(instances.map(({ id, timeZone }) => [id, timeZone]));
  const groups = new Map<string, WeekRow[]>();
  for (const row of read.slice(0, MOST_WEEKS)) {
    if (!isAnchor(datasets.get(row[1])!.window, row[3])) continue;
    const key = `${row[0]} ${row[1]}`;
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  const rows = [...groups.values()].map((weeks) => {
    const [id, name] = weeks[0]!;
    return healthOf(datasets.get(name)!, titles.get(id) ?? '', weeks, now, zones.get(id) ?? 'UTC');
  });
  const text = `Only the newest ${MOST_WEEKS.toLocaleString('en-US')} weeks of this range were looked at. Shorten it, or name a dataset.`;
  return {
    kind: 'collection_health',
    refId: query.refId,
    format: query.format,
    measures: measuresAsked(query),
    rows: rows.sort((a, b) => a.instance.localeCompare(b.instance) || a.dataset.localeCompare(b.dataset)),
    notices: read.length > MOST_WEEKS ? [{ severity: 'warning', text }] : [],
  };
}

function measuresAsked({ metrics }: MetricQuery): HealthMeasure[] {
  if (metrics.length === 0) return [...HEALTH_MEASURES];
  const unknown = metrics.find((name) => !HEALTH_MEASURES.some((known) => known === name));
  if (unknown !== undefined)
    throw refusal('invalid_request', `The health of collections has no '${unknown}'. Choose among: ${HEALTH_MEASURES.join(', ')}.`);
  return HEALTH_MEASURES.filter((known) => metrics.includes(known));
}

/** @param weeks newest first */
function healthOf(
  { dataset, title, window }: Dataset,
  instance: string,
  weeks: readonly WeekRow[],
  now: Date,
  timeZone: string,
): CollectionHealth {
  const newestDue = newestCompleteAnchor(window, now, timeZone);
  const due = weeks.filter(([, , , week]) => week <= newestDue);
  const lacking = due.filter(([, , , , complete]) => !complete);
  const count = (state: string): number => lacking.filter(([, , , , , , run]) => run === state).length;
  const newestComplete = due.findIndex(([, , , , complete]) => complete);
  const trailing = newestComplete < 0 ? due : due.slice(0, newestComplete);
  const firstLate = trailing.at(-1)?.[3];
  const dueOn = firstLate === undefined ? null : addDays(windowDays(window, firstLate).end, DUE_AFTER_DAYS);
  return {
    instance,
    dataset,
    datasetTitle: title,
    collection: weeks[0]![2],
    complete: due.length - lacking.length,
    missing: lacking.length,
    failed: count('failed'),
    held: weeks.filter(([, , , , , , run]) => run === 'held').length,
    doubtful: weeks.filter(([, , , , , doubtful]) => doubtful).length,
    late_days: dueOn === null ? 0 : Math.max(0, daysBetween(dueOn, localDate(now, timeZone))),
  };
}
