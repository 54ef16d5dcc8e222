import type { Freshness } from '../../../contract/frame.ts';
import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { letsCurrency } from '../ask/chosen-accounts.ts';
import type { Question } from '../ask/question.ts';
import type { Reader } from '../ask/reader.ts';
import type { Ranking } from '../cells/cells-plan.ts';
import { needsCurrency } from '../cells/cells.ts';
import { withSums, type Measure } from '../cells/measure.ts';
import { costsOf, currenciesOf, readAccounts } from '../plan/accounts.ts';
import { compareWith } from '../plan/comparison.ts';
import { freshnessOf } from '../plan/freshness.ts';
import type { Days } from '../plan/local-days.ts';
import { chooseWindow } from '../plan/window-choice.ts';
import type { MetricsResult } from '../result.ts';
import { readFormerNames, readMemberNames } from '../values/member-names.ts';
import { coveredDays, previousGaps, withGaps } from './coverage-of-answer.ts';
import { chooseColumns, otherMoney } from './currency-columns.ts';
import { readHiddenShare } from './hidden-share.ts';
import { noticesOf } from './notices.ts';
import { readNumbers } from './numbers.ts';
import { planOf, type Plan } from './plan.ts';
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
  const currencies = isRanked(question) && needsCurrency(question, measures) ? await currenciesToRank(reader, question) : [];
  const comparison = query.compare === 'none' ? null : compareWith(period, query.compare, query.partial, choice.asked, coverage, isTotal);
  const ranking = rankingOf(question, measures, isTotal ? 1 : period.buckets.length, currencies);

  const numbers = await readNumbers(reader, choice, rankedPlan(plan, dataset, currencies), comparison, ranking);
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
    suppressedShare: hidden?.shares[0]?.share ?? null,
    truncated: current.cuts.length > 0,
    cached: cached && statements.length > 0,
  };
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
    cuts: query.limit === ranking?.limit ? [] : current.cuts,
    most: ranking?.limit ?? 0,
    mismatched,
    otherMoney: otherMoney(rows, components),
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

const ranksRows = ({ query, grain }: Question): boolean => query.format === 'table' && grain !== 'total';

/** A table ranks its rows, a series or number its group; an answer without groups has nothing to rank. */
const isRanked = (question: Question): boolean => question.dimensions.length > 0 || ranksRows(question);

/** The currencies whose lists money is ranked in: those of accounts, or those of them that a filter chooses. */
async function currenciesToRank(reader: Reader, { dataset, instances, currencyFilters }: Question): Promise<string[]> {
  const all = currenciesOf(await readAccounts(reader, dataset, instances));
  return all.filter((currency) => letsCurrency(currencyFilters, currency));
}

/** Whether a group accounts in a currency is told by its costs: they are read also where nobody asks for them. */
const rankedPlan = (plan: Plan, dataset: Dataset, currencies: readonly string[]): Plan =>
  currencies.length > 1 ? { ...plan, components: withSums(plan.components, costsOf(dataset)) } : plan;

function rankingOf(question: Question, measures: readonly Measure[], buckets: number, currencies: readonly string[]): Ranking | null {
  const { query, order } = question;
  const byBucket = ranksRows(question);
  if (!isRanked(question)) return null;
  const most = byBucket ? MOST_CELLS : Math.max(1, Math.floor(MOST_CELLS / Math.max(1, buckets)));
  const limit = Math.min(query.limit ?? DEFAULT_LIMIT[query.format], most);
  const direction = order?.direction ?? (byBucket ? 'asc' : 'desc');
  const by = order?.by;
  if (by === undefined) return { byBucket, by: byBucket ? 'time' : measures[0]!, direction, limit, currencies };
  if (by === 'time' || 'dimension' in by) return { byBucket, by, direction, limit, currencies };
  const measure = measures.find(({ metric }) => metric.name === by.name);
  return { byBucket, by: measure ?? measures[0]!, direction, limit, currencies };
}

function dimensionTitle({ dataset }: Question, name: string): string {
  if (name === 'instance') return 'Instance';
  return name === 'currency' ? 'Currency' : (dataset.dimensions.find((dimension) => dimension.name === name)?.title ?? name);
}
