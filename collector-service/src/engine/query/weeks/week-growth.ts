import type { MetricQuery } from '../../../contract/query.ts';
import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import type { Dataset, Metric } from '../../../data/catalogue/dataset.ts';
import { countsPeople } from '../../../data/catalogue/levels.ts';
import { letsCurrency } from '../ask/chosen-accounts.ts';
import type { Reader } from '../ask/reader.ts';
import { isOfDataset } from '../ask/question.ts';
import { refusal } from '../ask/refusal.ts';
import { filterInstances, type ScopedInstance } from '../ask/scope.ts';
import { measuresOf, type Measure } from '../cells/measure.ts';
import type { Range } from '../plan/local-days.ts';
import type { WeekGrowth, WeekGrowthResult } from '../result.ts';
import { resultColumn } from '../values/result-column.ts';
import { readDatasetRows } from './dataset-rows.ts';
import { completenessByAge, growthColumns, growthOf, valueIn, type GrowthColumn, type Revision, type Totals } from './growth.ts';
import { noticesByAge, noticesByRun, noticesOfRead } from './growth-notices.ts';

/** Accepted runs read at most, newest weeks first: a year of weekly updates over 20 instances. */
const MOST_REVISIONS = 20_000;
/** Series or rows when the query sets no limit. */
const DEFAULT_LIMIT = { timeseries: 200, table: 10_000 } as const;

/** Accepted runs of the weeks whose Monday lies in the range. One more than is read, to tell whether there are more. */
const SQL = `
SELECT r.instance_id::text, r.week::text, (extract(epoch FROM r.accepted_at) * 1000)::float8, r.totals_before, r.totals_after
FROM week_revisions r
WHERE r.instance_id = ANY ($1::bigint[]) AND (r.dataset, r.dataset_version) IN (SELECT * FROM unnest($2::text[], $3::int[]))
  AND r.week >= to_timestamp($4::float8 / 1000) AT TIME ZONE 'UTC' AND r.week < to_timestamp($5::float8 / 1000) AT TIME ZONE 'UTC'
ORDER BY r.week DESC, r.instance_id, r.data_version LIMIT $6::int`;

type Row = [instance: string, week: string, acceptedAt: number, before: Totals | null, after: Totals];

/**
 * How weeks grew: the totals of every accepted run of each week whose Monday lies in the range. By age, learnt from weeks that are final,
 * for a table in total and for numbers; by run otherwise.
 * @throws CollectorError invalid_request for metrics without totals and for what totals cannot be asked
 */
export async function answerGrowth(
  reader: Reader,
  catalogue: Catalogue,
  instances: readonly ScopedInstance[],
  query: MetricQuery,
  range: Range,
  now: Date,
): Promise<WeekGrowthResult> {
  const { dataset, measures } = resolve(catalogue, query);
  const asked = filterInstances(
    instances,
    query.filters.filter(({ dimension, values }) => dimension === 'instance' && values.length > 0),
  );
  const read = (await readDatasetRows(reader, SQL, { instances: asked, datasets: [dataset], range, rows: MOST_REVISIONS + 1 })) as Row[];
  const revisions = read.slice(0, MOST_REVISIONS).map(asRevision);
  const chosen = growthColumns(
    measures,
    revisions.map(({ after }) => after),
  );
  const currencyFilters = query.filters.filter(({ dimension, values }) => dimension === 'currency' && values.length > 0);
  // Counts are kept over all advertisers, so they are nobody's in one currency.
  const columns = chosen.columns.filter(
    ({ currency }) => currencyFilters.length === 0 || (currency !== null && letsCurrency(currencyFilters, currency)),
  );
  const counts =
    currencyFilters.length === 0 ? [] : chosen.columns.flatMap(({ currency, metric }) => (currency === null ? [metric.title] : []));
  const weeks = growthOf(dataset, revisions, (totals) => columns.map((column) => valueIn(totals, column)), asked, now);
  const notices = noticesOfRead({
    dataset,
    revisions,
    weeks,
    mixed: chosen.mixed,
    counts,
    cutAt: read.length > MOST_REVISIONS ? MOST_REVISIONS : null,
  });
  const { refId, format } = query;
  const shared = { kind: 'week_growth', refId, format, columns: shownColumns(columns), severalInstances: asked.length > 1 } as const;
  if (format === 'numeric' || (format === 'table' && query.grain === 'total')) {
    const final = weeks.filter(({ isFinal }) => isFinal);
    const rows = completenessByAge(final.length > 0 ? final : weeks, columns.length);
    return { ...shared, by: 'age', rows, notices: [...notices, ...noticesByAge(weeks, final)] };
  }
  const limit = query.limit ?? DEFAULT_LIMIT[format];
  const shown = fitting(weeks, limit, (week) => (format === 'table' ? week.steps.length : columns.length));
  return { ...shared, by: 'run', rows: shown, notices: [...notices, ...noticesByRun(weeks, shown)] };
}

const shownColumns = (columns: readonly GrowthColumn[]): WeekGrowthResult['columns'] =>
  columns.map(({ metric, currency }) => resultColumn(metric, currency, columns.filter((each) => each.metric === metric).length > 1));

const asRevision = ([instance, week, at, before, after]: Row): Revision => ({
  instance,
  week,
  acceptedAt: new Date(Math.round(at)),
  before,
  after,
});

function resolve(catalogue: Catalogue, query: MetricQuery): { dataset: Dataset; measures: Measure<Metric>[] } {
  if (query.metrics.length === 0)
    throw refusal('invalid_request', 'The query names no metric. Choose at least one of the catalogue’s metrics.');
  const names = [...new Set(query.metrics)];
  const dataset = catalogue.datasetFor({ dataset: query.dataset, version: query.datasetVersion, metrics: names, dimensions: [] });
  if (countsPeople(dataset)) {
    throw refusal(
      'no_answer',
      `Weeks of '${dataset.title}' keep no totals, because people are counted by level and never added up. Ask for metrics of another dataset.`,
    );
  }
  const strange = [...query.dimensions, ...query.filters.map(({ dimension }) => dimension)].find(isOfDataset);
  if (strange !== undefined) {
    throw refusal(
      'invalid_request',
      `How a week grew is kept for its totals, not by '${strange}'. Remove it; instances and currencies are told apart anyway.`,
    );
  }
  const { measures } = measuresOf(
    dataset,
    names.map((name) => catalogue.findMetric(dataset, name)),
  );
  return { dataset, measures };
}

/** The newest weeks whose parts stay within the limit, oldest first for series and newest first for tables: as they came. */
function fitting(weeks: readonly WeekGrowth[], limit: number, parts: (week: WeekGrowth) => number): WeekGrowth[] {
  let left = limit;
  return weeks.filter((week) => (left -= parts(week)) >= 0);
}
