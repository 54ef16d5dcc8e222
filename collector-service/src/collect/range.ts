import { addDays, daysBetween, mondayOf, newestCompleteWeek, oldestCollectableWeek, type IsoDate } from '../calendar/week.ts';
import { CollectorError } from '../contract/error.ts';

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
 * Which weeks to collect: complete ones that Amazon still has.
 * @throws CollectorError invalid_request for a date that is no Monday or an empty range, week_out_of_range with what is allowed
 */
export function chooseWeeks(request: RangeRequest, now: Date, timeZone: string): WeekRange {
  const oldest = oldestCollectableWeek(now, timeZone);
  const newest = newestCompleteWeek(now, timeZone);
  for (const week of [request.firstWeek, request.lastWeek]) if (week !== undefined) assertMonday(week);
  const lastWeek = request.lastWeek ?? newest;
  const firstWeek = request.firstWeek ?? addDays(lastWeek, -7 * ((request.weeks ?? DEFAULT_WEEKS) - 1));
  if (firstWeek > lastWeek) {
    throw new CollectorError(`The first week ${firstWeek} is after the last week ${lastWeek}; exchange them.`, {
      code: 'invalid_request',
      kind: 'terminal',
      status: 400,
    });
  }
  if (firstWeek < oldest || lastWeek > newest) {
    const count = daysBetween(oldest, newest) / 7 + 1;
    throw new CollectorError(
      `Weeks ${firstWeek} to ${lastWeek} cannot be collected: Amazon has the ${count} complete weeks from ${oldest} to ${newest} (13 months back, and a week is complete 48 hours after its end). Choose weeks among them.`,
      { code: 'week_out_of_range', kind: 'terminal', status: 400, details: { oldest, newest, weeks: count } },
    );
  }
  return { firstWeek, lastWeek };
}

export function assertMonday(week: IsoDate): void {
  if (/^\d{4}-\d\d-\d\d$/.test(week) && !Number.isNaN(Date.parse(`${week}T00:00:00Z`))) {
    if (mondayOf(week) === week) return;
    throw new CollectorError(`${week} is no Monday; a week is named by its Monday, here ${mondayOf(week)}.`, {
      code: 'invalid_request',
      kind: 'terminal',
      status: 400,
    });
  }
  throw new CollectorError(`'${week}' is no date; write a Monday such as 2025-01-06.`, {
    code: 'invalid_request',
    kind: 'terminal',
    status: 400,
  });
}
