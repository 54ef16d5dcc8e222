import type { Freshness } from '../../../contract/frame.ts';
import { shiftBucket, type Range } from '../plan/buckets.ts';
import { cellsStatement, needsCurrency, readCells, type CellsAnswer } from '../cells/cells.ts';
import type { CellsPlan, Ranking } from '../cells/cells-plan.ts';
import { chooseColumns } from './currency-columns.ts';
import type { Coverage } from '../plan/coverage.ts';
import { freshnessOf, weeksTouched } from '../plan/freshness.ts';
import type { Measure } from '../cells/measure.ts';
import { noticesOf } from './notices.ts';
import { describeStatement } from '../cells/parameters.ts';
import { compareWith, type Comparison, type Period } from '../plan/period.ts';
import type { Question } from '../ask/question.ts';
import type { Reader } from '../ask/reader.ts';
import { present, type Presented } from './present.ts';
import type { MetricsResult } from '../result.ts';
import { joinRows } from './rows.ts';
import { readSuppressed, suppressedStatement, type SuppressedShare } from '../cells/suppressed.ts';
import { chooseWindow } from '../plan/window-choice.ts';
import { planOf } from './plan.ts';

/** Rows of a table, or series, when the query sets no limit. */
const DEFAULT_LIMIT = { table: 10_000, timeseries: 1000, numeric: 1000 } as const;
/** Cells of an answer at most (groups by buckets): what a browser can still draw. */
const MOST_CELLS = 100_000;

/** Answers one metric query: choose buckets and table, aggregate, compare, and say how whole it is. */
export async function answerMetrics(reader: Reader, asked: Question, askedRange: Range, now: Date): Promise<MetricsResult> {
  const choice = await chooseWindow(reader, asked, askedRange, now);
  const { question, coverage, period, range } = choice;
  const { dataset, query, grain } = question;
  const { measures, components, source, refused, hopeless } = planOf(choice);
  const byBucket = grain !== 'total';
  const comparison = query.compare === 'none' ? null : compareWith(period, query.compare, query.partial, coverage);

  const statements: string[] = [];
  let cached = true;
  const readCellsOf = async (cellsPlan: CellsPlan): Promise<CellsAnswer> => {
    const statement = cellsStatement(cellsPlan);
    statements.push(describeStatement(statement));
    const { rows, cached: wasCached } = await reader.read(
      statement,
      coverage,
      weeksTouched({ ...period, buckets: [...cellsPlan.buckets] }),
    );
    cached &&= wasCached;
    return readCells(rows, cellsPlan);
  };

  const isEmpty = hopeless || period.buckets.length === 0 || question.instances.length === 0;
  const shape = { question, measures, components, source, grain: period.grain, byBucket, byCurrency: needsCurrency(question, measures) };
  const ranking = rankingOf(question, measures, period.buckets.length);
  const readCurrent = async (): Promise<CellsAnswer> =>
    isEmpty ? NOTHING : readCellsOf({ ...shape, buckets: period.buckets, ranking, groups: null });
  const readBefore = async (groups: CellsPlan['groups']): Promise<CellsAnswer> =>
    comparison === null || isEmpty || !isComparable(comparison, question)
      ? NOTHING
      : readCellsOf({ ...shape, buckets: comparison.period.buckets, ranking: null, groups });
  const readBoth = async (): Promise<[CellsAnswer, CellsAnswer]> => {
    // A comparison shows the groups that the ranking left.
    const current = await readCurrent();
    const isCut = current.cutFrom !== null && question.dimensions.length > 0;
    return [current, await readBefore(isCut ? distinctGroups(current) : null)];
  };
  const readRows = async (): Promise<Presented & { current: CellsAnswer }> => {
    const [current, before] = await readBoth();
    const rows = joinRows(current.cells, before.cells, (bucket) => shiftBucket(period.grain, bucket, comparison?.shift ?? 0));
    const chosen = chooseColumns(measures, rows, question.dimensions.includes('currency'));
    return { current, ...present(question, chosen, rows, comparison !== null) };
  };
  const { current, columns, rows: shown, mismatched } = await readRows();
  const suppressed = isEmpty ? null : await readShare(reader, question, components, period, coverage);
  const freshness: Freshness = {
    ...freshnessOf(period, range, coverage, question.instances, question.dataset.attribution, now),
    suppressedShare: suppressed?.share ?? null,
    truncated: current.cutFrom !== null,
    cached: cached && statements.length > 0,
  };
  const several = new Set(current.cells.map((cell) => cell.currency)).size > 1;
  const notices = noticesOf({
    grain,
    period,
    comparison,
    freshness,
    range,
    coverage,
    instances: question.instances,
    datasetTitle: dataset.title,
    hasRows: shown.length > 0 || hopeless,
    suppressedTitle: suppressed?.metricTitle ?? '',
    cut:
      current.cutFrom === null || ranking === null
        ? null
        : { shown: ranking.limit, of: current.cutFrom, what: query.format === 'table' ? 'rows' : 'series' },
    rankedIn: several && current.cells.length > 0 && question.order !== null ? current.rankedIn : null,
    mismatched,
    refused,
    covers: shown.length > 0 ? choice.covers : null,
    lacking: choice.lacking,
  });
  return {
    kind: 'metrics',
    refId: query.refId,
    format: query.format,
    grain,
    dimensions: question.dimensions.map((name) => ({ name, title: dimensionTitle(question, name) })),
    manyMetrics: measures.length > 1,
    columns,
    rows: shown,
    buckets: byBucket ? period.buckets : period.buckets.slice(0, 1).map((bucket) => choice.covers?.start ?? bucket),
    partial: new Set(period.partial),
    markPartial: query.partial === 'mark',
    notices,
    freshness,
    executed: statements.join('\n\n'),
  };
}

const NOTHING: CellsAnswer = { cells: [], cutFrom: null, rankedIn: null };

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

/** A total is compared only when the period before has all its weeks, or the reader asked for partial ones. */
function isComparable({ period, missing }: Comparison, { grain, query }: Question): boolean {
  if (period.buckets.length === 0) return false;
  return grain !== 'total' || missing.length === 0 || query.partial === 'mark';
}

const distinctGroups = ({ cells }: CellsAnswer): string[][] => [
  ...new Map(cells.map(({ group }) => [JSON.stringify(group), group])).values(),
];

async function readShare(
  reader: Reader,
  question: Question,
  components: CellsPlan['components'],
  period: Period,
  coverage: Coverage,
): Promise<SuppressedShare | null> {
  const statement = suppressedStatement(question, components, period);
  if (statement === null) return null;
  const { rows } = await reader.read(statement, coverage, weeksTouched(period));
  return readSuppressed(rows, components);
}

function dimensionTitle({ dataset }: Question, name: string): string {
  if (name === 'instance') return 'Instance';
  return name === 'currency' ? 'Currency' : (dataset.dimensions.find((dimension) => dimension.name === name)?.title ?? name);
}
