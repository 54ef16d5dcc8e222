import type { Freshness } from '../../../contract/frame.ts';
import type { Question } from '../ask/question.ts';
import type { Reader } from '../ask/reader.ts';
import type { Ranking } from '../cells/cells-plan.ts';
import type { Measure } from '../cells/measure.ts';
import { compareWith } from '../plan/comparison.ts';
import { freshnessOf } from '../plan/freshness.ts';
import type { Days } from '../plan/local-days.ts';
import { chooseWindow } from '../plan/window-choice.ts';
import type { MetricsResult } from '../result.ts';
import { readFormerNames, readMemberNames } from '../values/member-names.ts';
import { coveredDays, previousGaps, withGaps } from './coverage-of-answer.ts';
import { chooseColumns } from './currency-columns.ts';
import { readHiddenShare } from './hidden-share.ts';
import { noticesOf } from './notices.ts';
import { readNumbers } from './numbers.ts';
import { planOf } from './plan.ts';
import { present } from './present.ts';
import { joinRows } from './rows.ts';

/** Rows of a table, or series, when the query sets no limit. */
const DEFAULT_LIMIT = { table: 10_000, timeseries: 1000, numeric: 1000 } as const;
/** Cells of an answer at most (groups by buckets): what a browser can still draw. */
const MOST_CELLS = 100_000;

/** Answers one metric query: choose buckets and tables, aggregate, compare, and say how whole it is. */
export async function answerMetrics(reader: Reader, asked: Question, askedDays: Days, now: Date): Promise<MetricsResult> {
  const choice = await chooseWindow(reader, asked, askedDays, now);
  const { question, coverage, period } = choice;
  const { dataset, query, grain } = question;
  const isTotal = grain === 'total';
  const plan = planOf(choice);
  const { measures, components, refused, hopeless } = plan;
  const comparison = query.compare === 'none' ? null : compareWith(period, query.compare, query.partial, choice.asked, coverage, isTotal);
  const ranking = rankingOf(question, measures, isTotal ? 1 : period.buckets.length);

  const numbers = await readNumbers(reader, choice, plan, comparison, ranking);
  const { current, before, cached, statements } = numbers;
  const rows = joinRows(current.cells, before.cells, (bucket) => comparison?.currentOf(bucket) ?? bucket);
  const chosen = chooseColumns(measures, rows, question.dimensions.includes('currency'));
  const names = await readMemberNames(
    reader,
    question,
    coverage,
    rows.map(({ group }) => group),
  );
  const { columns, rows: shown, mismatched } = present(question, chosen, rows, comparison !== null, names);
  const hidden = numbers.isEmpty ? null : await readHiddenShare(reader, question, components, plan.parts, period, coverage);
  const freshness: Freshness = {
    ...freshnessOf(period, choice.asked, coverage, question.instances, dataset.attribution, now),
    suppressedShare: hidden?.share ?? null,
    truncated: current.cutFrom !== null,
    cached: cached && statements.length > 0,
  };
  const several = new Set(current.cells.map((cell) => cell.currency)).size > 1;
  const covers = numbers.isEmpty ? null : coveredDays(choice);
  const notices = noticesOf({
    question,
    period,
    comparison,
    freshness,
    asked: choice.asked,
    coverage,
    hasRows: shown.length > 0 || hopeless,
    hidden,
    cut:
      current.cutFrom === null || ranking === null
        ? null
        : { shown: ranking.limit, of: current.cutFrom, what: query.format === 'table' ? 'rows' : 'series' },
    rankedIn: several && current.cells.length > 0 && question.order !== null ? current.rankedIn : null,
    mismatched,
    refused,
    covers,
    oneWindow: shown.length > 0 ? choice.covers : null,
    lacking: choice.lacking,
    former: await readFormerNames(reader, question, coverage),
  });
  const { buckets, gaps } = withGaps(period);
  return {
    kind: 'metrics',
    refId: query.refId,
    format: query.format,
    grain,
    dimensions: question.dimensions.map((name) => ({ name, title: dimensionTitle(question, name) })),
    manyMetrics: measures.length > 1,
    columns,
    rows: shown,
    buckets: isTotal ? period.buckets.slice(0, 1).map((bucket) => choice.covers?.start ?? bucket) : buckets,
    gaps: isTotal ? new Set() : gaps,
    previousGaps: comparison === null || isTotal ? new Set() : previousGaps(buckets, comparison),
    covers,
    partial: new Set(period.partial),
    markPartial: query.partial === 'mark',
    notices,
    freshness,
    executed: statements.join('\n\n'),
  };
}

/** A table ranks its rows, a series or number its group; an answer without groups has nothing to rank. */
function rankingOf(question: Question, measures: readonly Measure[], buckets: number): Ranking | null {
  const { query, order, dimensions, grain } = question;
  const byBucket = query.format === 'table' && grain !== 'total';
  if (dimensions.length === 0 && !byBucket) return null;
  const most = byBucket ? MOST_CELLS : Math.max(1, Math.floor(MOST_CELLS / Math.max(1, buckets)));
  const limit = Math.min(query.limit ?? DEFAULT_LIMIT[query.format], most);
  const direction = order?.direction ?? (byBucket ? 'asc' : 'desc');
  const by = order?.by;
  if (by === undefined) return { byBucket, by: byBucket ? 'time' : measures[0]!, direction, limit };
  if (by === 'time' || 'dimension' in by) return { byBucket, by, direction, limit };
  const measure = measures.find(({ metric }) => metric.name === by.name);
  return { byBucket, by: measure ?? measures[0]!, direction, limit };
}

function dimensionTitle({ dataset }: Question, name: string): string {
  if (name === 'instance') return 'Instance';
  return name === 'currency' ? 'Currency' : (dataset.dimensions.find((dimension) => dimension.name === name)?.title ?? name);
}
