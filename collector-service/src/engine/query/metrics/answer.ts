import type { Freshness } from '../../../contract/frame.ts';
import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Question } from '../ask/question.ts';
import type { Reader } from '../ask/reader.ts';
import { needsCurrency } from '../cells/cells.ts';
import { canHaveOthers } from '../cells/others.ts';
import { compareWith } from '../plan/comparison.ts';
import { freshnessOf } from '../plan/freshness.ts';
import type { Days } from '../plan/local-days.ts';
import { chooseWindow } from '../plan/window-choice.ts';
import type { MetricsResult, ResultColumn, ResultGoal } from '../result.ts';
import { readFormerNames, readMemberNames } from '../values/member-names.ts';
import { comparedDays, coveredDays, previousGaps, withGaps } from './coverage-of-answer.ts';
import { chooseColumns, otherMoney } from './currency-columns.ts';
import { explain } from './explain.ts';
import { readHiddenShare } from './hidden-share.ts';
import { noticesOf } from './notices.ts';
import { readNumbers } from './numbers.ts';
import { planOf } from './plan.ts';
import { present } from './present.ts';
import { currenciesToRank, isRanked, rankedPlan, rankingOf } from './ranking-of.ts';
import { joinRows } from './rows.ts';
import { refusePeople, shownRows } from './shown-rows.ts';
import { readWholes } from './wholes.ts';

/** Answers one metric query: choose buckets and tables, aggregate, compare, and say how whole it is. */
export async function answerMetrics(reader: Reader, asked: Question, askedDays: Days, now: Date): Promise<MetricsResult> {
  const choice = await chooseWindow(reader, asked, askedDays, now);
  const { question, coverage, period } = choice;
  const { dataset, query, grain } = question;
  const isTotal = grain === 'total';
  const plan = planOf(choice);
  const { measures, having, components, refused, hopeless } = plan;
  refusePeople(question, measures);
  const comparison = query.compare === 'none' ? null : compareWith(period, query, choice.asked, coverage, isTotal);
  const money = needsCurrency(question, [...measures, ...having.map(({ measure }) => measure)]);
  const currencies = money && (isRanked(question) || having.length > 0) ? await currenciesToRank(reader, question) : [];
  const ranking = rankingOf(question, measures, isTotal ? 1 : period.buckets.length);

  const lists = { ranking, currencies, others: query.others && query.limit !== undefined && ranking !== null && canHaveOthers(question) };
  const numbers = await readNumbers(reader, choice, rankedPlan(plan, dataset, currencies), comparison, lists);
  const { current, before, cached, statements } = numbers;
  const wholes = query.transform === 'share' && !numbers.isEmpty ? await readWholes(reader, choice, comparison) : null;
  const { buckets, gaps } = withGaps(period);
  const missing = { current: gaps, previous: comparison === null ? new Set<IsoDate>() : previousGaps(buckets, comparison) };
  const rows = shownRows(
    question,
    joinRows(current.cells, before.cells, (bucket) => comparison?.currentOf(bucket) ?? bucket),
    buckets,
    missing,
  );
  const chosen = chooseColumns(measures, rows, question.dimensions.includes('currency'));
  const names = await readMemberNames(
    reader,
    question,
    coverage,
    rows.map(({ group }) => group),
  );
  const {
    columns,
    rows: shown,
    mismatched,
  } = present(question, components, chosen, rows, { compared: comparison !== null, names, wholes });
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
    oneWindow: shown.length > 0 ? choice.covers : null,
    lacking: choice.lacking,
    former: await readFormerNames(reader, question, coverage),
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
    buckets: isTotal ? period.buckets.slice(0, 1).map((bucket) => choice.covers?.start ?? bucket) : buckets,
    gaps: isTotal ? new Set() : gaps,
    previousGaps: comparison === null || isTotal ? new Set() : missing.previous,
    covers,
    partial: new Set(period.partial),
    markPartial: query.partial === 'mark',
    notices,
    freshness,
    explain: explain({ question, parts: plan.parts, period, covers, compared: comparison && comparedDays(comparison), hidden, freshness }),
    goals: goalsOf(question, columns),
    legend: query.legend ?? null,
    executed: [...statements, ...(wholes?.statements ?? [])].join('\n\n'),
  };
}

function dimensionTitle({ dataset }: Question, name: string): string {
  if (name === 'instance') return 'Instance';
  return name === 'currency' ? 'Currency' : (dataset.dimensions.find((dimension) => dimension.name === name)?.title ?? name);
}

/** Goals in the metric's unit; of money in several currencies nobody says which they are. */
const goalsOf = ({ query }: Question, columns: readonly ResultColumn[]): ResultGoal[] =>
  query.goals.flatMap(({ metric: name, value, title }) => {
    const own = columns.filter(({ metric, period }) => metric.name === name && period === 'current');
    if (own[0] === undefined) return [];
    const { metric, unit } = own[0];
    return [{ metric, unit, currency: own.length === 1 ? own[0].currency : null, title: title ?? `${metric.title} goal`, value }];
  });
