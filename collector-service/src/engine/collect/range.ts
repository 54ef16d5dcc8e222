import { addDays, mondayOf, type IsoDate } from '../../ground/calendar/week.ts';
import { anchors, newestCompleteAnchor, oldestCollectableAnchor, windowTitle, type WindowKind } from '../../ground/calendar/window.ts';
import { CollectorError } from '../../contract/error.ts';

export interface WeekRange {
  firstWeek: IsoDate;
  lastWeek: IsoDate;
}

export interface RangeRequest {
  /** How many weeks, counted back from the newest complete one (or from lastWeek). */
  weeks?: number | undefined;
  /** Mondays. firstWeek wins over weeks. */
  firstWeek?: IsoDate | undefined;
  lastWeek?: IsoDate | undefined;
}

const DEFAULT_WEEKS = 52;

/**
 * Which weeks to collect: those under which the dataset keeps complete windows that Amazon still has whole. Of windows longer than
 * a week, a number of weeks means those that end within them, as far as Amazon reaches.
 * @throws CollectorError invalid_request for a date that is no Monday or an empty range, week_out_of_range with what is allowed
 */
export function chooseWeeks(request: RangeRequest, now: Date, timeZone: string, window: WindowKind = 'week'): WeekRange {
  const oldest = oldestCollectableAnchor(window, now, timeZone);
  const newest = newestCompleteAnchor(window, now, timeZone);
  for (const week of [request.firstWeek, request.lastWeek]) if (week !== undefined) assertMonday(week);
  const lastWeek = request.lastWeek ?? newest;
  const counted = addDays(lastWeek, -7 * ((request.weeks ?? DEFAULT_WEEKS) - 1));
  const firstWeek = request.firstWeek ?? (window !== 'week' && counted < oldest && oldest <= lastWeek ? oldest : counted);
  if (firstWeek > lastWeek) {
    throw new CollectorError('invalid_request', `The first week ${firstWeek} is after the last week ${lastWeek}; exchange them.`);
  }
  if (firstWeek < oldest || lastWeek > newest) throw outOfRange(window, { firstWeek, lastWeek }, { firstWeek: oldest, lastWeek: newest });
  const asked = anchors(window, firstWeek, lastWeek);
  if (asked.length === 0) {
    throw new CollectorError('invalid_request', `No month begins in the weeks ${firstWeek} to ${lastWeek}. Choose a longer range.`);
  }
  return { firstWeek: asked[0]!, lastWeek: asked.at(-1)! };
}

function outOfRange(window: WindowKind, asked: WeekRange, { firstWeek: oldest, lastWeek: newest }: WeekRange): CollectorError {
  const count = anchors(window, oldest, newest).length;
  const what =
    window === 'week'
      ? `the ${count} complete weeks from ${oldest} to ${newest}`
      : window === 'month'
        ? `the ${count} whole months that begin in the weeks from ${oldest} to ${newest}`
        : `the ${count} whole windows of ${windowTitle(window)} that end with the weeks from ${oldest} to ${newest}`;
  const noun = window === 'week' || window === 'month' ? window : 'window';
  return new CollectorError(
    'week_out_of_range',
    `Weeks ${asked.firstWeek} to ${asked.lastWeek} cannot be collected: Amazon has ${what} (13 months back, and a ${noun} is complete 48 hours after its end). Choose weeks among them.`,
    { details: { oldest, newest, weeks: count } },
  );
}

export function assertMonday(week: IsoDate): void {
  if (/^\d{4}-\d\d-\d\d$/.test(week) && !Number.isNaN(Date.parse(`${week}T00:00:00Z`))) {
    if (mondayOf(week) === week) return;
    throw new CollectorError('invalid_request', `${week} is no Monday; a week is named by its Monday, here ${mondayOf(week)}.`);
  }
  throw new CollectorError('invalid_request', `'${week}' is no date; write a Monday such as 2025-01-06.`);
}
