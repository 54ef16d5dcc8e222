import { addDays, type IsoDate } from '../../../ground/calendar/week.ts';
import { windowDays, windowName, windowTitle, type WindowDays } from '../../../ground/calendar/window.ts';
import type { Freshness, Notice } from '../../../contract/frame.ts';
import { bucketTime, type Range } from '../plan/buckets.ts';
import { isExpected, knownWeeks } from '../plan/completeness.ts';
import type { Coverage } from '../plan/coverage.ts';
import type { Grain } from '../plan/grain.ts';
import type { Comparison, Period } from '../plan/period.ts';
import { instanceTitles, type ScopedInstance } from '../ask/scope.ts';

const warning = (text: string): Notice => ({ severity: 'warning', text });
const info = (text: string): Notice => ({ severity: 'info', text });
const percent = (share: number): string => (share > 0 && share < 0.001 ? 'under 0.1 %' : `${(share * 100).toFixed(1)} %`);

/** The first few of a list, and how many more there are. */
function some(names: readonly string[], most = 4): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

export interface NoticeInput {
  grain: Grain;
  period: Period;
  comparison: Comparison | null;
  freshness: Freshness;
  range: Range;
  coverage: Coverage;
  instances: readonly ScopedInstance[];
  datasetTitle: string;
  hasRows: boolean;
  suppressedTitle: string;
  /** How many groups there are and how many are shown, when some were cut. */
  cut: { shown: number; of: number; what: 'rows' | 'series' } | null;
  /** Currency that money was ranked in, when there are several. */
  rankedIn: string | null;
  mismatched: ReadonlySet<string>;
  /** Why some of the metrics have no number. */
  refused: readonly string[];
  /** The days of the one window that answers a total; null when weeks are added. */
  covers: WindowDays | null;
  /** Instances that have no execution over it. */
  lacking: readonly ScopedInstance[];
}

/** What a reader must know to trust an answer, the gravest first. */
export function noticesOf(input: NoticeInput): Notice[] {
  return [...whyEmpty(input), ...whatIsLeftOut(input), ...whatIsMissing(input), ...whatIsHidden(input), ...howFresh(input)];
}

function whyEmpty({ hasRows, period, coverage, instances, datasetTitle, range }: NoticeInput): Notice[] {
  if (hasRows) return [];
  if (instances.length === 0) return [warning('No instance is left to ask: connect one, or widen the filter on instances.')];
  const known = knownWeeks(coverage);
  if (known === null)
    return [
      warning(
        `${datasetTitle} is not collected yet for ${instances.length === 1 ? 'this instance' : 'these instances'}. Start a collection.`,
      ),
    ];
  if (period.buckets.length > 0) return [info('Nothing matches the filters in this range.')];
  if (period.dropped.length > 0)
    return [
      warning(
        `No ${unitOf(period)} of this range is collected completely. Show partial ones with partial: mark, or wait for the collection.`,
      ),
    ];
  const served = [...coverage.values()].some((instance) => instance.served.size > 0);
  if (!served) return [warning('The collection has not finished any week yet.')];
  const outside = bucketTime(addDays(known.last, 7)) <= range.from || range.to <= bucketTime(known.first);
  const { window } = period;
  const span = `data run from ${windowDays(window, known.first).start} to ${addDays(windowDays(window, known.last).end, -1)}`;
  return [
    warning(outside ? `Nothing was collected in this range: ${span}.` : `No complete ${unitOf(period)} begins in this range; ${span}.`),
  ];
}

/** What a bucket is, in the reader's words. */
const unitOf = ({ grain, window }: Period): string =>
  window === 'week' || window === 'month' ? grain : `window of ${windowTitle(window)}`;

/** Mondays, or the windows that are kept under them. */
const named = ({ window }: Period, weeks: readonly IsoDate[]): string[] =>
  window === 'week' ? [...weeks] : weeks.map((week) => windowName(window, week));

function whatIsLeftOut({ refused, cut, mismatched, rankedIn, period, covers, lacking }: NoticeInput): Notice[] {
  return [
    ...refused.map(warning),
    ...(covers === null
      ? []
      : [info(`One execution over the ${windowTitle(period.window)} from ${covers.start} to ${addDays(covers.end, -1)}.`)]),
    ...(covers === null || lacking.length === 0 ? [] : [warning(`No execution covers it for ${some(lacking.map(({ name }) => name))}.`)]),
    ...(cut === null
      ? []
      : [
          warning(
            `Only ${cut.shown.toLocaleString('en-US')} of ${cut.of.toLocaleString('en-US')} ${cut.what} are shown. Raise the limit or filter to see others.`,
          ),
        ]),
    ...(mismatched.size === 0
      ? []
      : [warning(`${[...mismatched].join(', ')}: left empty where spend and sales are in different currencies, which make no ratio.`)]),
    ...(rankedIn === null
      ? []
      : [
          info(`Ordered by the amounts in ${rankedIn}, the currency with most rows; amounts of other currencies are not compared with it.`),
        ]),
  ];
}

function whatIsMissing({ freshness, period, comparison, coverage, instances, range, grain }: NoticeInput): Notice[] {
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
    notices.push(warning(`Not collected completely: ${period.grain} of ${some(period.partial)}. The numbers there are too low.`));
  if (period.dropped.length > 0 && period.buckets.length > 0)
    notices.push(info(`Left out because not collected completely: ${period.grain} of ${some(period.dropped)}.`));
  const known = knownWeeks(coverage);
  if (known !== null && bucketTime(known.first) - range.from >= 7 * 86_400_000 && bucketTime(known.first) < range.to) {
    notices.push(info(`Data begin on ${known.first}; the range begins earlier.`));
  }
  if (comparison !== null && comparison.missing.length > 0) {
    const what = grain === 'total' ? 'There is no comparison' : 'The comparison has gaps';
    notices.push(
      warning(
        `${what}: ${comparison.missing.length} of ${comparison.missing.length + comparison.period.buckets.length} ${period.grain}s before are not collected (${some(comparison.missing)}).`,
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

function whatIsHidden({ freshness, suppressedTitle }: NoticeInput): Notice[] {
  const { suppressedShare: share } = freshness;
  if (share === null || share <= 0) return [];
  return [
    info(`Amazon hides ${percent(share)} of ${suppressedTitle} at this level of detail, for privacy. Totals by week and month include it.`),
  ];
}

function howFresh({ freshness, period }: NoticeInput): Notice[] {
  const { weeksSettling, dataAsOf, completeUntil, cached } = freshness;
  if (dataAsOf === null) return [];
  const noun = period.window === 'week' ? 'week' : 'window';
  const notices: Notice[] = [];
  if (weeksSettling.length > 0)
    notices.push(
      info(
        `Amazon may still change ${weeksSettling.length === 1 ? `1 ${noun}` : `${weeksSettling.length} ${noun}s`}: ${some(named(period, weeksSettling))}.`,
      ),
    );
  const until = completeUntil === null ? '' : `, complete until ${completeUntil}`;
  notices.push(info(`Data as of ${dataAsOf.slice(0, 16).replace('T', ' ')} UTC${until}${cached ? '; answered from the cache' : ''}.`));
  return notices;
}
