import { addDays, type IsoDate } from '../../../ground/calendar/week.ts';
import type { Quality } from '../../catalogue/quality.ts';
import type { Totals } from './input.ts';
import { median, USUAL_DEVIATIONS, withLinesOf } from './quality-jump.ts';
import type { Finding } from './refusal.ts';
import { lineName, readableNumber, totalLines, totalOf, type TotalLine } from './total-lines.ts';

/** A served week, as its neighbours see it. */
export interface NeighbourWeek {
  week: IsoDate;
  rows: number;
  /** Which days have a row, Monday the lowest bit; null for datasets without days, and for windows that are no weeks. */
  days: number | null;
  /** Of its newest revision; null when that left none. */
  totals: Totals | null;
}

/** So many weeks on either side are looked at, no further away than half a year. */
const SIDE = 8;
const DAYS_AROUND = 182;
/** Fewer neighbours say nothing. */
const AT_LEAST_WEEKS = 4;
const EVERY_DAY = 0b1111111;

/**
 * What is odd about a served week beside those before and after it: hardly any rows, a day without any, totals that are far from both
 * sides. Both sides have to agree, so that growing and ending accounts and seasons are no oddities. Of the oldest week there is only
 * what comes after it, and an account may have begun in it: it is odd only when the very next weeks are at their usual level at once,
 * and its rows do not begin in the middle of the week and last to its end.
 * @param weeks every served week, oldest first
 */
export function judgeAmongNeighbours(weeks: readonly NeighbourWeek[], index: number, quality: Quality): Finding[] {
  const week = weeks[index]!;
  const near = (each: NeighbourWeek): boolean =>
    each.week >= addDays(week.week, -DAYS_AROUND) && each.week <= addDays(week.week, DAYS_AROUND);
  const around: Around = {
    before: weeks.slice(Math.max(0, index - SIDE), index).filter(near),
    after: weeks.slice(index + 1, index + 1 + SIDE).filter(near),
  };
  const all = [...around.before, ...around.after];
  if (all.length < AT_LEAST_WEEKS || (around.before.length === 0 && mayHaveBegun(week, around.after))) return [];
  const few = quality.few_rows.severity === 'off' ? [] : fewRows(week, around, quality.few_rows);
  // Of a week that is nearly empty nothing else need be said.
  if (few.length > 0) return few;
  const enough = median(all.map(({ rows }) => rows)) >= quality.few_rows.at_least;
  return [
    ...(quality.missing_days.severity === 'off' || !enough ? [] : missingDays(week, all)),
    ...(quality.jump.severity === 'off' || around.after.length === 0 ? [] : farTotals(week, around, quality.jump)),
  ];
}

interface Around {
  before: readonly NeighbourWeek[];
  after: readonly NeighbourWeek[];
}

function mayHaveBegun({ rows, days }: NeighbourWeek, after: readonly NeighbourWeek[]): boolean {
  const usual = median(after.map((each) => each.rows));
  if (after.slice(0, 2).some((each) => each.rows < usual / 2)) return true;
  // Without days there is no telling a late beginning from a file that was cut.
  return rows > 0 && rows < usual / 2 && (days === null || lastsToTheEnd(days));
}

/** Only days at the end of the week, and not all of them. */
const lastsToTheEnd = (days: number): boolean =>
  days !== EVERY_DAY && [1, 2, 3, 4, 5, 6].some((first) => days === EVERY_DAY - (2 ** first - 1));

/** What so many of the neighbours have too, and two at least, is usual. */
const USUAL_SHARE = 0.25;
/** Among the newest weeks, which have no or one week after them, these many beside the week itself are a new level. */
const LEVEL = 2;

/**
 * Whether a value is far below both sides or far above them: further than the factor, and than weeks of a side that differ much among
 * themselves allow.
 */
function direction(value: number, before: readonly number[], after: readonly number[], factor: number): 'low' | 'high' | undefined {
  const sides = [before, after].filter((side) => side.length > 0);
  const allowed = Math.max(Math.log(factor), ...sides.map((side) => USUAL_DEVIATIONS * deviation(side)));
  const usual = [...(before.length > 0 ? [median(before)] : []), ...(after.length > 1 ? [median(after)] : [])];
  const newest = after.length > 1 ? usual : [...before.slice(after.length - LEVEL), ...after];
  const [lower, higher] = [Math.min(...usual, Math.max(...newest)), Math.max(...usual, Math.min(...newest))];
  if (lower <= 0) return undefined;
  const isLow = (each: number): boolean => (each > 0 ? Math.log(lower / each) : Infinity) > allowed;
  const isHigh = (each: number): boolean => each > 0 && Math.log(each / higher) > allowed;
  const all = [...before, ...after];
  const isUsual = (is: (each: number) => boolean): boolean => all.filter(is).length >= Math.max(2, USUAL_SHARE * all.length);
  if (isLow(value)) return isUsual(isLow) ? undefined : 'low';
  return isHigh(value) && !isUsual(isHigh) ? 'high' : undefined;
}

function deviation(values: readonly number[]): number {
  const usual = median(values);
  return usual <= 0 ? 0 : median(values.map((value) => (value > 0 ? Math.abs(Math.log(value / usual)) : Infinity)));
}

function fewRows({ rows }: NeighbourWeek, { before, after }: Around, { part, at_least: atLeast }: Quality['few_rows']): Finding[] {
  const [left, right] = [before, after].map((side) => side.map((each) => each.rows)) as [number[], number[]];
  const usual = median([...left, ...right]);
  if (usual < atLeast || direction(rows, left, right, 1 / part) !== 'low') return [];
  const has = rows === 0 ? 'no rows' : `${readableNumber(rows)} ${rows === 1 ? 'row' : 'rows'}`;
  const message = `The week has ${has}, and the weeks around it about ${readableNumber(usual)}.`;
  return [{ rule: 'few_rows', message, details: { rows, median: usual } }];
}

/** One of the neighbours may lack days itself. */
function missingDays({ week, days }: NeighbourWeek, all: readonly NeighbourWeek[]): Finding[] {
  if (days === null || days === EVERY_DAY || all.filter((each) => each.days !== EVERY_DAY).length > 1) return [];
  const missing = [0, 1, 2, 3, 4, 5, 6].filter((day) => (days & (1 << day)) === 0).map((day) => addDays(week, day));
  const message = `There is no row of ${missing.join(', ')}, and the weeks around it have every day.`;
  return [{ rule: 'missing_days', message, details: { days: missing } }];
}

function farTotals({ totals: own }: NeighbourWeek, { before, after }: Around, quality: Quality['jump']): Finding[] {
  if (own === null) return [];
  const known = [...before, ...after].reduce<Totals>((lines, { totals }) => withLinesOf(lines, totals ?? {}), {});
  const far = totalLines(known, own).flatMap((line) => {
    const of = (side: readonly NeighbourWeek[]): number[] => side.flatMap(({ totals }) => (totals === null ? [] : [totalOf(totals, line)]));
    const [left, right] = [of(before), of(after)];
    const usual = median([...left, ...right]);
    if (usual < quality.at_least || direction(line.after, left, right, quality.factor) === undefined) return [];
    return [{ ...line, usual }];
  });
  if (far.length === 0) return [];
  const sentence = ({ metric, currency, after: total, usual }: TotalLine & { usual: number }): string =>
    `${lineName({ metric, currency })} ${readableNumber(total)} against ${readableNumber(usual)}`;
  const message = `Totals are far from those of the weeks before and after: ${far.map(sentence).join(', ')}.`;
  return [
    {
      rule: 'jump',
      message,
      details: { totals: far.map(({ metric, currency, after: total, usual }) => ({ metric, currency, total, median: usual })) },
    },
  ];
}
