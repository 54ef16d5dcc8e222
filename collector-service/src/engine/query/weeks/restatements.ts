import type { MetricQuery } from '../../../contract/query.ts';
import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import type { Dataset, Metric } from '../../../data/catalogue/dataset.ts';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Reader } from '../ask/reader.ts';
import { instanceTitles, type ScopedInstance } from '../ask/scope.ts';
import type { Range } from '../plan/local-days.ts';
import type { Restatement, RestatementsResult } from '../result.ts';
import { shownValue } from '../values/dimension-value.ts';
import { readDatasetRows } from './dataset-rows.ts';
import { datasetsAsked } from './datasets-asked.ts';
import type { Totals } from './growth.ts';

/** Events shown at most; the newest are kept. */
const MOST_EVENTS = 1000;

/**
 * Accepted runs that changed a week which was served already, in the order they were accepted. The first run of a week
 * restates nothing (totals_before NULL). One more than is shown is read, to tell whether there are more.
 */
const SQL = `
SELECT r.instance_id::text, r.dataset, r.week::text, (extract(epoch FROM r.accepted_at) * 1000)::float8,
  r.rows_added::float8, r.rows_changed::float8, r.rows_vanished::float8, r.totals_before, r.totals_after
FROM week_revisions r
WHERE r.instance_id = ANY ($1::bigint[]) AND (r.dataset, r.dataset_version) IN (SELECT * FROM unnest($2::text[], $3::int[]))
  AND r.totals_before IS NOT NULL AND r.accepted_at >= to_timestamp($4::float8 / 1000) AND r.accepted_at < to_timestamp($5::float8 / 1000)
ORDER BY r.accepted_at DESC, r.instance_id, r.dataset, r.week LIMIT $6::int`;

type Revision = [
  instance: string,
  dataset: string,
  week: IsoDate,
  at: number,
  added: number,
  changed: number,
  vanished: number,
  before: Totals,
  after: Totals,
];

/** One row per run that changed a week: what moved, and how many rows. */
export async function answerRestatements(
  reader: Reader,
  catalogue: Catalogue,
  instances: readonly ScopedInstance[],
  query: MetricQuery,
  range: Range,
): Promise<RestatementsResult> {
  const datasets = datasetsAsked(catalogue, query);
  const limit = query.limit ?? MOST_EVENTS;
  const revisions = (await readDatasetRows(reader, SQL, { instances, datasets, range, rows: limit + 1 })) as Revision[];
  const titles = instanceTitles(instances);
  const rows = revisions
    .slice(0, limit)
    .reverse()
    .map((revision) => asRestatement(revision, datasets, titles));
  const text = `Only the newest ${limit} restatements of this range are shown.`;
  const notices = revisions.length > limit ? [{ severity: 'warning' as const, text }] : [];
  return { kind: 'restatements', refId: query.refId, rows, severalInstances: instances.length > 1, notices };
}

function asRestatement(
  [instance, name, week, at, rowsAdded, rowsChanged, rowsVanished, before, after]: Revision,
  datasets: readonly Dataset[],
  titles: ReadonlyMap<string, string>,
): Restatement {
  const dataset = datasets.find((each) => each.dataset === name)!;
  return {
    acceptedAt: new Date(Math.round(at)),
    dataset: name,
    datasetTitle: dataset.title,
    week,
    instance: titles.get(instance) ?? '',
    moves: dataset.metrics.flatMap((metric) => (metric.kind === 'additive' ? movesOf(metric, before, after) : [])),
    rowsAdded,
    rowsChanged,
    rowsVanished,
  };
}

/** Totals that moved: money in each currency, counts over all of them. */
function movesOf(metric: Metric, before: Totals, after: Totals): Restatement['moves'] {
  const move = (currency: string | null, was: number, is: number): Restatement['moves'] =>
    was === is ? [] : [{ metric, currency, before: was, after: is }];
  const [was = {}, is = {}] = [before[metric.name], after[metric.name]];
  if (typeof was === 'string' || typeof is === 'string') return move(null, total(was), total(is));
  const currencies = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  return currencies.flatMap((currency) => move(shownValue(undefined, currency), Number(was[currency] ?? 0), Number(is[currency] ?? 0)));
}

/** A total that is no money of its own currency; an empty week has none. */
const total = (value: string | Record<string, string>): number => (typeof value === 'string' ? Number(value) : 0);
