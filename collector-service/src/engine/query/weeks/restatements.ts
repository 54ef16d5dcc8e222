import type { Catalogue } from '../../../data/catalogue/catalogue.ts';
import type { Dataset, Metric } from '../../../data/catalogue/dataset.ts';
import type { Field, Frame } from '../../../contract/frame.ts';
import type { MetricQuery } from '../../../contract/query.ts';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Range } from '../plan/buckets.ts';
import { readDatasetRows } from './dataset-rows.ts';
import { datasetsAsked } from './datasets-asked.ts';
import { shownValue } from '../values/dimension-value.ts';
import { makeFrame, textField, timeField } from '../frames/frame.ts';
import type { Reader } from '../ask/reader.ts';
import { instanceTitles, type ScopedInstance } from '../ask/scope.ts';

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

/** Sums as decimal text by metric; money of a dataset with a currency by currency (store/merge/input.ts). */
type Totals = Record<string, string | Record<string, string>>;
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

/** One event per week that Amazon changed, as Grafana's annotations read them: time, title, text, tags. */
export async function answerRestatements(
  reader: Reader,
  catalogue: Catalogue,
  instances: readonly ScopedInstance[],
  query: MetricQuery,
  range: Range,
): Promise<Frame[]> {
  const datasets = datasetsAsked(catalogue, query);
  const limit = query.limit ?? MOST_EVENTS;
  const rows = await readDatasetRows(reader, SQL, { instances, datasets, range, rows: limit + 1 });
  const revisions = (rows as Revision[]).slice(0, limit).reverse();
  const titles = instanceTitles(instances);
  const several = instances.length > 1;
  const dataset = (name: string): Dataset => datasets.find((each) => each.dataset === name)!;
  const fields: Field[] = [
    timeField(),
    textField('title', 'Title'),
    textField('text', 'Text'),
    textField('tags', 'Tags'),
    textField('week', 'Week'),
    textField('instance', 'Instance'),
  ];
  const values = [
    revisions.map(([, , , at]) => Math.round(at)),
    revisions.map(([, name, week]) => `${dataset(name).title}: week of ${week} restated`),
    revisions.map((revision) => describe(dataset(revision[1]), revision, several ? (titles.get(revision[0]) ?? '') : '')),
    revisions.map(([, name]) => `restatement,${name}`),
    revisions.map(([, , week]) => week),
    revisions.map(([id]) => titles.get(id) ?? ''),
  ];
  const truncated = rows.length > limit;
  const meta = truncated
    ? { notices: [{ severity: 'warning' as const, text: `Only the newest ${limit} restatements of this range are shown.` }] }
    : {};
  return [makeFrame(query.refId, 'table', fields, values, { meta })];
}

/** "Acme US. Spend (USD) 1,234.50 → 1,250.10 (+1.3 %). Rows: 12 added, 30 changed, 2 gone." */
function describe(dataset: Dataset, [, , , , added, changed, vanished, before, after]: Revision, instance: string): string {
  const moves = dataset.metrics.flatMap((metric) => (metric.kind === 'additive' ? movesOf(metric, before, after) : []));
  const rows = `Rows: ${added} added, ${changed} changed, ${vanished} gone.`;
  return [...(instance === '' ? [] : [`${instance}.`]), ...moves.slice(0, 4), rows].join(' ');
}

/** Totals that moved: money in each currency, counts over all of them. */
function movesOf({ name, title }: Metric, before: Totals, after: Totals): string[] {
  const move = (what: string, was: number, is: number): string[] => {
    if (was === is) return [];
    const share = was === 0 ? '' : ` (${is > was ? '+' : ''}${(((is - was) / Math.abs(was)) * 100).toFixed(1)} %)`;
    return [`${what} ${readable(was)} → ${readable(is)}${share}.`];
  };
  const [was = {}, is = {}] = [before[name], after[name]];
  if (typeof was === 'string' || typeof is === 'string') return move(title, total(was), total(is));
  const currencies = [...new Set([...Object.keys(was), ...Object.keys(is)])].sort();
  return currencies.flatMap((currency) =>
    move(`${title} (${shownValue(undefined, currency)})`, Number(was[currency] ?? 0), Number(is[currency] ?? 0)),
  );
}

/** A total that is no money of its own currency; an empty week has none. */
const total = (value: string | Record<string, string>): number => (typeof value === 'string' ? Number(value) : 0);

const readable = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 });
