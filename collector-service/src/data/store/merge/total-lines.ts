import { SUPPRESSED, UNKNOWN } from '../../catalogue/tables.ts';
import type { Totals } from './input.ts';

/** One total of a week: a metric, and for money its currency. */
export interface TotalLine {
  metric: string;
  /** Absent for counts and for money in datasets without a currency. */
  currency: string | undefined;
  before: number;
  after: number;
}

/**
 * Totals before and after, metric by metric and currency by currency, what is absent being 0. Money whose currency Amazon hid is left
 * out: what is hidden in one result may be shown in the next. Doubles are exact enough for shares.
 */
export function totalLines(before: Totals, after: Totals): TotalLine[] {
  return Object.keys({ ...before, ...after }).flatMap((metric): TotalLine[] => {
    const [was, is] = [before[metric], after[metric]];
    if (typeof was === 'string' || typeof is === 'string') return [{ metric, currency: undefined, before: amount(was), after: amount(is) }];
    return currenciesOf(was, is).map((currency) => ({
      metric,
      currency,
      before: Number(was?.[currency] ?? 0),
      after: Number(is?.[currency] ?? 0),
    }));
  });
}

const amount = (value: Totals[string] | undefined): number => (typeof value === 'string' ? Number(value) : 0);

const currenciesOf = (...totals: (Record<string, string> | undefined)[]): string[] =>
  [...new Set(totals.flatMap((each) => Object.keys(each ?? {})))]
    .filter((currency) => currency !== SUPPRESSED && currency !== UNKNOWN)
    .sort();

/** One total of one week's totals; 0 when it has none. */
export function totalOf(totals: Totals, { metric, currency }: Pick<TotalLine, 'metric' | 'currency'>): number {
  const value = totals[metric];
  return currency === undefined || typeof value === 'string' ? amount(value) : Number(value?.[currency] ?? 0);
}

/** 'spend in USD' */
export const lineName = ({ metric, currency }: Pick<TotalLine, 'metric' | 'currency'>): string =>
  currency === undefined ? metric : `${metric} in ${currency}`;

/** The largest |after - before| / |before| of the totals that were not 0; undefined when there is nothing to compare. */
export function largestMove(lines: readonly TotalLine[]): number | undefined {
  const moves = lines.filter(({ before }) => before !== 0).map(({ before, after }) => Math.abs((after - before) / before));
  return moves.length === 0 ? undefined : Math.max(...moves);
}

export const readableNumber = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: 2 });
export const readableShare = (share: number): string => `${readableNumber(Math.round(share * 1000) / 10)} %`;
