import { addDays, daysBetween, firstOfMonth, nextMonth, type IsoDate } from './week.ts';

/** Fiscal years of whole weeks: quarters of three periods with so many weeks each. */
export const PERIOD_PATTERNS = { '4-4-5': [4, 4, 5], '4-5-4': [4, 5, 4], '5-4-4': [5, 4, 4] } as const;
export type PeriodPattern = keyof typeof PERIOD_PATTERNS;

/**
 * Which weeks and months people of a workspace report in. What Amazon is asked for stays Monday weeks; other weeks and months are added
 * up from days.
 */
export interface ReportingCalendar {
  /** 1 is Monday, 7 Sunday (ISO 8601). */
  weekStartsOn: number;
  months: { kind: 'calendar'; startsOn: number } | { kind: PeriodPattern; years: readonly IsoDate[] };
}

/** Weeks from Monday, months from the 1st. */
export const ISO_CALENDAR: ReportingCalendar = { weekStartsOn: 1, months: { kind: 'calendar', startsOn: 1 } };

/** First day of the week that holds the date. */
export function weekStart({ weekStartsOn }: ReportingCalendar, date: IsoDate): IsoDate {
  // 1970-01-01 was a Thursday.
  const weekday = (((daysBetween('1970-01-01', date) + 3) % 7) + 7) % 7;
  return addDays(date, -((weekday - (weekStartsOn - 1) + 7) % 7));
}

/** First day of the month, or fiscal period, that holds the date. */
export const monthStart = (calendar: ReportingCalendar, date: IsoDate): IsoDate => monthOf(calendar, date).start;
/** First day of the month, or fiscal period, after the one that holds the date. */
export const nextMonthStart = (calendar: ReportingCalendar, date: IsoDate): IsoDate => monthOf(calendar, date).end;

function monthOf({ months }: ReportingCalendar, date: IsoDate): { start: IsoDate; end: IsoDate } {
  if (months.kind !== 'calendar') return periodOf(months.kind, months.years, date);
  const first = addDays(firstOfMonth(date), months.startsOn - 1);
  if (first <= date) return { start: first, end: addDays(nextMonth(date), months.startsOn - 1) };
  return { start: addDays(firstOfMonth(addDays(firstOfMonth(date), -1)), months.startsOn - 1), end: first };
}

const YEAR_DAYS = 364;

/** The period of a fiscal year. A 53rd week belongs to the year's last period; years that nobody named have 52 weeks. */
function periodOf(kind: PeriodPattern, years: readonly IsoDate[], date: IsoDate): { start: IsoDate; end: IsoDate } {
  const year = yearOf([...years].sort(), date);
  const weeks = Array.from({ length: 4 }, () => PERIOD_PATTERNS[kind]).flat();
  let start = year.start;
  for (const length of weeks.slice(0, -1)) {
    const end = addDays(start, 7 * length);
    if (date < end) return { start, end };
    start = end;
  }
  return { start, end: year.end };
}

function yearOf(years: readonly IsoDate[], date: IsoDate): { start: IsoDate; end: IsoDate } {
  const endOf = (start: IsoDate): IsoDate =>
    years.find((each) => each > start && daysBetween(start, each) <= YEAR_DAYS + 7) ?? addDays(start, YEAR_DAYS);
  let start = years.findLast((each) => each <= date) ?? years[0]!;
  while (start > date) start = addDays(start, -YEAR_DAYS);
  while (endOf(start) <= date) start = endOf(start);
  return { start, end: endOf(start) };
}
