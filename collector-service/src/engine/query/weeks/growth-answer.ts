import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import type { Frame, Notice } from '../../../contract/frame.ts';
import type { Filter, MetricQuery } from '../../../contract/query.ts';
import type { Range } from '../plan/buckets.ts';
import { readDatasetRows } from './dataset-rows.ts';
import { storedValue } from '../values/dimension-value.ts';
import { completenessNumbers, completenessTable, growthSeries, growthTable, type GrowthShape } from '../frames/growth-frames.ts';
import {
  completenessByAge,
  growthColumns,
  growthOf,
  valueIn,
  type GrowthColumn,
  type Revision,
  type Totals,
  type WeekGrowth,
} from './growth.ts';
import { measuresOf, type Measure } from '../cells/measure.ts';
import type { Reader } from '../ask/reader.ts';
import { refusal } from '../ask/refusal.ts';
import { filterInstances, type ScopedInstance } from '../ask/scope.ts';

/** Accepted runs read at most, newest weeks first: a year of weekly updates over 20 instances. */
const MOST_REVISIONS = 20_000;
/** Series or rows when the query sets no limit. */
const DEFAULT_LIMIT = { timeseries: 200, table: 10_000, numeric: 1000 } as const;

/** Accepted runs of the weeks whose Monday lies in the range. One more than is read, to tell whether there are more. */
const SQL = `
SELECT r.instance_id::text, r.week::text, (extract(epoch FROM r.accepted_at) * 1000)::float8, r.totals_before, r.totals_after
FROM week_revisions r
WHERE r.instance_id = ANY ($1::bigint[]) AND (r.dataset, r.dataset_version) IN (SELECT * FROM unnest($2::text[], $3::int[]))
  AND r.week >= to_timestamp($4::float8 / 1000) AT TIME ZONE 'UTC' AND r.week < to_timestamp($5::float8 / 1000) AT TIME ZONE 'UTC'
ORDER BY r.week DESC, r.instance_id, r.data_version LIMIT $6::int`;

type Row = [instance: string, week: string, acceptedAt: number, before: Totals | null, after: Totals];

/**
 * How weeks grew: the totals of every accepted run of each week whose Monday lies in the range. As a series, a line per week over the
 * time of acceptance; as a table, a row per run with its age and share of the newest value; as a table in total, or as numbers, how whole
 * weeks were at an age, learnt from those that are final.
 * @throws CollectorError invalid_request for metrics without totals and for what totals cannot be asked
 */
export async function answerGrowth(
  reader: Reader,
  catalogue: Catalogue,
  instances: readonly ScopedInstance[],
  query: MetricQuery,
  range: Range,
  now: Date,
): Promise<Frame[]> {
  const { dataset, measures } = resolve(catalogue, query);
  const asked = filterInstances(
    instances,
    query.filters.filter(({ dimension, values }) => dimension === 'instance' && values.length > 0),
  );
  const rows = (await readDatasetRows(reader, SQL, { instances: asked, datasets: [dataset], range, rows: MOST_REVISIONS + 1 })) as Row[];
  const revisions = rows.slice(0, MOST_REVISIONS).map(asRevision);
  const chosen = growthColumns(
    measures,
    revisions.map(({ after }) => after),
  );
  const columns = chosen.columns.filter((column) => inCurrency(column, query.filters));
  const weeks = growthOf(dataset, revisions, (totals) => columns.map((column) => valueIn(totals, column)), asked, now);
  const notices = [...cutNotice(rows), ...mixedNotice(chosen.mixed), ...beforeNotice(revisions), ...emptyNotice(dataset, weeks)];
  const shape: Omit<GrowthShape, 'meta'> = { refId: query.refId, columns, severalInstances: asked.length > 1 };
  if (query.format === 'numeric' || (query.format === 'table' && query.grain === 'total')) {
    const final = weeks.filter(({ isFinal }) => isFinal);
    const told = withNotices([...notices, ...finalNotice(weeks, final)]);
    const ages = completenessByAge(final.length > 0 ? final : weeks, columns.length);
    const whole = { ...shape, meta: told };
    return query.format === 'table' ? [completenessTable(whole, ages)] : completenessNumbers(whole, ages);
  }
  const limit = query.limit ?? DEFAULT_LIMIT[query.format];
  const shown = fitting(weeks, limit, (week) => (query.format === 'table' ? week.steps.length : columns.length));
  const meta = withNotices([...notices, ...limitNotice(weeks, shown), ...youngNotice(shown)]);
  return query.format === 'table' ? [growthTable({ ...shape, meta }, shown)] : growthSeries({ ...shape, meta }, shown);
}

const asRevision = ([instance, week, at, before, after]: Row): Revision => ({
  instance,
  week,
  acceptedAt: new Date(Math.round(at)),
  before,
  after,
});

function resolve(catalogue: Catalogue, query: MetricQuery): { dataset: Dataset; measures: Measure[] } {
  if (query.metrics.length === 0)
    throw refusal('invalid_request', 'The query names no metric. Choose at least one of the catalogue’s metrics.');
  const names = [...new Set(query.metrics)];
  const dataset = catalogue.datasetFor({ dataset: query.dataset, version: query.datasetVersion, metrics: names, dimensions: [] });
  if (dataset.levels !== undefined) {
    throw refusal(
      'no_answer',
      `Weeks of '${dataset.title}' keep no totals, because people are counted by level and never added up. Ask for metrics of another dataset.`,
    );
  }
  const strange = [...query.dimensions, ...query.filters.map(({ dimension }) => dimension)].find(
    (name) => name !== 'instance' && name !== 'currency',
  );
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

/** Filters on the currency let money through or not, and leave counts alone. */
const inCurrency = ({ currency }: GrowthColumn, filters: readonly Filter[]): boolean =>
  currency === null ||
  filters
    .filter(({ dimension, values }) => dimension === 'currency' && values.length > 0)
    .every(({ operator, values }) => {
      if (operator === 'contains') return values.some((value) => currency.toLowerCase().includes(value.toLowerCase()));
      const named = values.flatMap((value) => storedValue(undefined, value)).includes(currency);
      return operator === '!=' || operator === 'not in' ? !named : named;
    });

/** The newest weeks whose parts stay within the limit, oldest first for series and newest first for tables: as they came. */
function fitting(weeks: readonly WeekGrowth[], limit: number, parts: (week: WeekGrowth) => number): WeekGrowth[] {
  let left = limit;
  return weeks.filter((week) => (left -= parts(week)) >= 0);
}

const withNotices = (notices: Notice[]): GrowthShape['meta'] => (notices.length > 0 ? { notices } : {});
const warning = (text: string): Notice => ({ severity: 'warning', text });
const info = (text: string): Notice => ({ severity: 'info', text });

const cutNotice = (rows: readonly Row[]): Notice[] =>
  rows.length > MOST_REVISIONS
    ? [warning(`Only the newest ${MOST_REVISIONS.toLocaleString('en-US')} runs of this range were read. Shorten it.`)]
    : [];

const mixedNotice = (titles: readonly string[]): Notice[] =>
  titles.length > 0
    ? [warning(`${titles.join(', ')}: left out, because the weeks hold several currencies and their counts are kept over all of them.`)]
    : [];

/** Databases older than revisions of first runs. */
function beforeNotice(revisions: readonly Revision[]): Notice[] {
  const first = new Map<string, Revision>();
  for (const revision of revisions)
    if (!first.has(`${revision.week} ${revision.instance}`)) first.set(`${revision.week} ${revision.instance}`, revision);
  const late = [...first.values()].filter(({ before }) => before !== null).length;
  return late > 0
    ? [
        info(
          `${late === 1 ? '1 week begins' : `${late} weeks begin`} with the first restatement, because the run before it left no totals.`,
        ),
      ]
    : [];
}

const emptyNotice = (dataset: Dataset, weeks: readonly WeekGrowth[]): Notice[] =>
  weeks.length > 0 ? [] : [warning(`No week of '${dataset.title}' in this range has an accepted run.`)];

const finalNotice = (weeks: readonly WeekGrowth[], final: readonly WeekGrowth[]): Notice[] => {
  if (weeks.length === 0) return [];
  return final.length > 0
    ? [info(`Shares of the final value, learnt from the ${final.length} of ${weeks.length} weeks that Amazon changes no more.`)]
    : [warning('No week of this range is final yet, so the shares are of the newest value and will fall as the weeks grow.')];
};

const limitNotice = (weeks: readonly WeekGrowth[], shown: readonly WeekGrowth[]): Notice[] =>
  shown.length < weeks.length
    ? [warning(`Only ${shown.length} of ${weeks.length} weeks are shown, the newest. Raise the limit to see others.`)]
    : [];

const youngNotice = (weeks: readonly WeekGrowth[]): Notice[] => {
  const young = weeks.filter(({ isFinal }) => !isFinal).length;
  return young > 0 ? [info(`Amazon may still change ${young === 1 ? '1 week' : `${young} weeks`}; shares are of the newest value.`)] : [];
};
