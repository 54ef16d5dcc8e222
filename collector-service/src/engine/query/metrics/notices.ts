import { addDays, type IsoDate } from '../../../ground/calendar/week.ts';
import { windowDays, windowName, windowTitle, type WindowDays } from '../../../ground/calendar/window.ts';
import type { Freshness, Notice } from '../../../contract/frame.ts';
import { isOfDataset, type Question } from '../ask/question.ts';
import { overlap } from '../plan/buckets.ts';
import type { Comparison } from '../plan/comparison.ts';
import { isExpected, knownWeeks } from '../plan/completeness.ts';
import type { Coverage } from '../plan/coverage.ts';
import type { Days } from '../plan/local-days.ts';
import type { Period } from '../plan/period.ts';
import { instanceTitles, type ScopedInstance } from '../ask/scope.ts';
import { answersDays } from '../plan/window-choice.ts';
import { NOTICEABLE, type HiddenShare } from './hidden-share.ts';

const warning = (text: string): Notice => ({ severity: 'warning', text });
const info = (text: string): Notice => ({ severity: 'info', text });
const percent = (share: number): string => (share > 0 && share < 0.001 ? 'under 0.1 %' : `${(share * 100).toFixed(1)} %`);

/** The first few of a list, and how many more there are. */
function some(names: readonly string[], most = 4): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

export interface NoticeInput {
  question: Question;
  period: Period;
  comparison: Comparison | null;
  freshness: Freshness;
  asked: Days;
  coverage: Coverage;
  hasRows: boolean;
  hidden: HiddenShare | null;
  /** Lists that hold more than a limit which nobody asked for lets through, and that limit. */
  cuts: readonly { currency: string | null; of: number }[];
  most: number;
  mismatched: ReadonlySet<string>;
  /** Currencies that the filter leaves out, of money that those it chose have too. */
  otherMoney: readonly string[];
  /** Why some of the metrics have no number. */
  refused: readonly string[];
  /** The days of the one window that answers a total; null when buckets are added. */
  oneWindow: WindowDays | null;
  /** Instances that have no execution over it. */
  lacking: readonly ScopedInstance[];
  /** Names that filters ask for, of members that are called otherwise by now. */
  former: readonly { former: string; newest: string }[];
}

/**
 * What a reader must know to trust an answer, the gravest first: each puts an icon on a panel. Which days it stands for, how fresh it is and
 * which weeks Amazon may still change stand in every answer's meta (freshness, covers, explain), not here.
 */
export function noticesOf(input: NoticeInput): Notice[] {
  return [...whyEmpty(input), ...whatIsLeftOut(input), ...whatIsMissing(input), ...whatIsHidden(input)];
}

function whyEmpty({ hasRows, period, coverage, question, asked }: NoticeInput): Notice[] {
  if (hasRows) return [];
  const { instances, dataset } = question;
  if (instances.length === 0) return [warning('No instance is left to ask: connect one, or widen the filter on instances.')];
  const known = knownWeeks(coverage);
  if (known === null)
    return [
      warning(
        `${dataset.title} is not collected yet for ${instances.length === 1 ? 'this instance' : 'these instances'}. Start a collection.`,
      ),
    ];
  if (period.buckets.length > 0)
    return [info(question.filters.length > 0 ? 'Nothing matches the filters in this range.' : 'There is nothing in this range.')];
  if (period.dropped.length > 0)
    return [
      warning(
        `No ${unitOf(period)} of this range is collected completely. Show partial ones with partial: mark, or wait for the collection.`,
      ),
    ];
  const served = [...coverage.values()].some((instance) => instance.served.size > 0);
  if (!served) return [warning('The collection has not finished any week yet.')];
  const { window } = period;
  const days = { start: windowDays(window, known.first).start, end: windowDays(window, known.last).end };
  const span = `data run from ${days.start} to ${addDays(days.end, -1)}`;
  if (overlap(asked, days) === null) return [warning(`Nothing was collected in this range: ${span}.`)];
  const range = `${asked.start} to ${addDays(asked.end, -1)}`;
  const finer = answersDays(question) ? ', or ask by day or for the total' : '';
  return [warning(`No whole ${unitOf(period)} that is collected lies in this range (${range}); ${span}. Widen the range${finer}.`)];
}

/** What a bucket is, in the reader's words. */
const unitOf = ({ grain, window }: Period): string =>
  window === 'week' || window === 'month' ? grain : `window of ${windowTitle(window)}`;

/** Buckets of a period: days that follow each other as spans, "2026-03-02 to 2026-03-15". */
function list({ grain }: Pick<Period, 'grain'>, buckets: readonly IsoDate[]): string {
  if (grain !== 'day') return some(buckets);
  const spans: { from: IsoDate; to: IsoDate }[] = [];
  for (const day of buckets) {
    const last = spans.at(-1);
    if (last !== undefined && addDays(last.to, 1) === day) last.to = day;
    else spans.push({ from: day, to: day });
  }
  return some(spans.map(({ from, to }) => (from === to ? from : `${from} to ${to}`)));
}

/** Mondays, or the windows that are kept under them. */
const named = ({ window }: Period, weeks: readonly IsoDate[]): string[] =>
  window === 'week' ? [...weeks] : weeks.map((week) => windowName(window, week));

function whatIsLeftOut(input: NoticeInput): Notice[] {
  const { refused, cuts, most, mismatched, otherMoney, oneWindow, lacking, former } = input;
  const { query } = input.question;
  return [
    ...refused.map(warning),
    ...(oneWindow === null || lacking.length === 0
      ? []
      : [warning(`No execution covers it for ${some(lacking.map(({ name }) => name))}.`)]),
    ...former.map(({ former: was, newest }) => info(`'${was}' is called '${newest}' by now.`)),
    ...cuts.map(({ currency, of }) => warning(cutSentence(currency, most, of, query.format === 'table' ? 'rows' : 'series'))),
    ...(mismatched.size === 0
      ? []
      : [warning(`${[...mismatched].join(', ')}: left empty where spend and sales are in different currencies, which make no ratio.`)]),
    ...(otherMoney.length === 0
      ? []
      : [
          warning(
            `Some sales of these advertisers were made in ${some(otherMoney)}, which the filter on currency leaves out; counts include them.`,
          ),
        ]),
  ];
}

const cutSentence = (currency: string | null, shown: number, of: number, what: 'rows' | 'series'): string =>
  `Only ${shown.toLocaleString('en-US')} of ${of.toLocaleString('en-US')} ${what}${currency === null ? '' : ` in ${currency}`} are shown. Set a limit or filter to see others.`;

function whatIsMissing({ freshness, period, comparison, coverage, question: { instances, grain } }: NoticeInput): Notice[] {
  const notices: Notice[] = [];
  const { weeksMissing, weeksExpected } = freshness;
  if (weeksMissing.length > 0) {
    const titles = instanceTitles(instances);
    const lacking =
      instances.length === 1
        ? []
        : instances.filter(({ id }) => lacksAny(coverage, id, weeksMissing)).map(({ id }) => titles.get(id) ?? id);
    notices.push(
      warning(
        `${weeksMissing.length} of ${weeksExpected} ${period.window === 'week' ? 'weeks' : 'windows'} are missing${lacking.length > 0 ? ` (${some(lacking)})` : ''}: ${some(named(period, weeksMissing))}.`,
      ),
    );
  }
  const { weeksDoubtful: doubtful = [] } = freshness;
  if (doubtful.length > 0)
    notices.push(
      warning(
        `${doubtful.length === 1 ? '1 week is' : `${doubtful.length} weeks are`} doubtful, much unlike the weeks around: ${some(named(period, doubtful))}. The collection says why.`,
      ),
    );
  if (period.partial.length > 0)
    notices.push(warning(`Not collected completely: ${period.grain} of ${list(period, period.partial)}. The numbers there are too low.`));
  if (comparison !== null && comparison.missing.length > 0) {
    const what = grain === 'total' ? 'There is no comparison' : 'The comparison has gaps';
    notices.push(
      warning(
        `${what}: ${comparison.missing.length} of ${comparison.missing.length + comparison.period.buckets.length} ${period.grain}s before are not collected (${list(period, comparison.missing)}).`,
      ),
    );
  }
  return notices;
}

function lacksAny(coverage: Coverage, id: string, weeks: readonly IsoDate[]): boolean {
  const instance = coverage.get(id);
  if (instance === undefined) return true;
  return weeks.some((week) => isExpected(instance, week) && !instance.served.has(week));
}

function whatIsHidden({ hidden, question }: NoticeInput): Notice[] {
  const [worst] = hidden?.shares ?? [];
  if (worst?.share == null || worst.share < NOTICEABLE) return [];
  const coarser = hidden?.coarser == null ? '' : ` Asked ${hidden.coarser.how} it would be ${percent(hidden.coarser.share)}.`;
  const rest = question.dimensions.some(isOfDataset);
  const what = worst.currency === null ? worst.metricTitle : `${worst.metricTitle} in ${worst.currency}`;
  const where = rest && question.rest === 'hide' ? ' It is left out here.' : '';
  return [
    info(`Amazon hides ${percent(worst.share)} of ${what} at this level of detail, for privacy.${where}${coarser} Totals include it.`),
  ];
}
