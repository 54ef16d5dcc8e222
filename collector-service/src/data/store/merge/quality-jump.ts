import type { Quality } from '../../catalogue/quality.ts';
import type { Totals } from './input.ts';
import type { Finding } from './refusal.ts';
import { lineName, readableNumber, totalLines, totalOf, type TotalLine } from './total-lines.ts';

/** Deviations of the like weeks from their median that a total may have: four times the usual one, as a normal distribution has it. */
export const USUAL_DEVIATIONS = 4 * 1.4826;

/**
 * Totals that are far from those of like weeks: a wrong unit, a query that lost half of its sources, a day counted a thousand times.
 * Seasons and new campaigns are no jumps, so the distance is measured on a scale of factors against the median, which a few odd weeks
 * cannot move, and weeks that differ much among themselves allow more. A total that is served already was accepted once and is
 * not objected to again; and of a week's first result, what the week before it has already is a level that goes on, as of an account
 * that is paused: a person who took that week is not asked about each that follows.
 * @param before totals that are served; undefined for a week's first result
 * @param previous totals of the served week before it, when it is not far away
 */
export function judgeJump(
  before: Totals | undefined,
  after: Totals,
  likeWeeks: readonly Totals[],
  quality: Quality['jump'],
  previous?: Totals,
): Finding[] {
  if (likeWeeks.length < quality.at_least_weeks) return [];
  const jumps = totalLines(
    likeWeeks.reduce((all, totals) => withLinesOf(all, totals), {}),
    after,
  ).flatMap((line) => {
    const found = jumpOf(line, likeWeeks, quality);
    if (found === undefined) return [];
    const known = before ?? previous;
    const served = known && jumpOf({ ...line, after: totalOf(known, line) }, likeWeeks, quality);
    return served !== undefined && served.high === found.high ? [] : [{ ...line, before: undefined, median: found.median }];
  });
  if (jumps.length === 0) return [];
  const totals = jumps.map((line) => `${lineName(line)} ${readableNumber(line.after)} against ${readableNumber(line.median)}`);
  const message = `Totals are far from the median of ${likeWeeks.length} like weeks: ${totals.join(', ')}.`;
  return [
    {
      rule: 'jump',
      message,
      details: {
        weeks: likeWeeks.length,
        totals: jumps.map(({ metric, currency, after: total, median: usual }) => ({ metric, currency, total, median: usual })),
      },
    },
  ];
}

function jumpOf(line: TotalLine, likeWeeks: readonly Totals[], quality: Quality['jump']): { median: number; high: boolean } | undefined {
  const totals = likeWeeks.map((week) => totalOf(week, line));
  const usual = median(totals);
  if (usual < quality.at_least || usual <= 0) return undefined;
  const deviation = median(totals.map((total) => (total > 0 ? Math.abs(Math.log(total / usual)) : Infinity)));
  const allowed = Math.max(Math.log(quality.factor), USUAL_DEVIATIONS * deviation);
  const distance = line.after > 0 ? Math.log(line.after / usual) : -Infinity;
  return Math.abs(distance) > allowed ? { median: usual, high: distance > 0 } : undefined;
}

/** Every metric and currency of any week, so that a total that is missing altogether is seen to be 0. */
export const withLinesOf = (all: Totals, totals: Totals): Totals => ({
  ...all,
  ...Object.fromEntries(
    Object.entries(totals).map(([metric, value]) => {
      const known = all[metric];
      return [metric, typeof value === 'string' || typeof known === 'string' ? value : { ...known, ...value }];
    }),
  ),
});

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
