import { weekAge } from '../../../ground/calendar/age.ts';
import { daysBetween, localDate, type IsoDate } from '../../../ground/calendar/week.ts';
import { windowDays } from '../../../ground/calendar/window.ts';
import type { Dataset, Metric } from '../../../data/catalogue/dataset.ts';
import { instanceTitles, type ScopedInstance } from '../ask/scope.ts';
import { evaluate } from '../calculated/formula.ts';
import type { Measure } from '../cells/measure.ts';
import type { Completeness, WeekGrowth } from '../result.ts';

/** Totals of a week after an accepted run: decimal text by metric; money of a dataset with a currency by currency (store/merge/input.ts). */
export type Totals = Record<string, string | Record<string, string>>;

/** An accepted run of a week, as its revision remembers it. */
export interface Revision {
  instance: string;
  week: IsoDate;
  acceptedAt: Date;
  /** Null for the first run of the week. */
  before: Totals | null;
  after: Totals;
}

/** A number that is followed: a metric, in one currency (as stored) when it is money. */
export interface GrowthColumn {
  metric: Metric;
  currency: string | null;
}

/** Puts revisions (by week, instance and time) together to what was served of each week over time. */
export function growthOf(
  dataset: Dataset,
  revisions: readonly Revision[],
  valuesOf: (totals: Totals) => (number | null)[],
  instances: readonly ScopedInstance[],
  now: Date,
): WeekGrowth[] {
  const titles = instanceTitles(instances);
  const weeks = new Map<string, WeekGrowth>();
  for (const { instance: id, week, acceptedAt, after } of revisions) {
    const instance = instances.find((each) => each.id === id);
    if (instance === undefined) continue;
    const key = `${week} ${id}`;
    let growth = weeks.get(key);
    if (growth === undefined) {
      const isFinal = weekAge(week, now, instance.timeZone, dataset.attribution, dataset.window) === 'final';
      weeks.set(key, (growth = { instance: titles.get(id) ?? '', week, isFinal, steps: [] }));
    }
    const ageDays = daysBetween(windowDays(dataset.window, week).end, localDate(acceptedAt, instance.timeZone));
    growth.steps.push({ acceptedAt, ageDays, values: valuesOf(after) });
  }
  return [...weeks.values()];
}

/** The columns of an answer: counts have one, money one per currency with amounts; `mixed` are ratios that several currencies make unclear. */
export function growthColumns(
  measures: readonly Measure<Metric>[],
  totals: readonly Totals[],
): { columns: GrowthColumn[]; mixed: string[] } {
  const currencies = currenciesIn(totals);
  const mixed: string[] = [];
  const columns = measures.flatMap((measure): GrowthColumn[] => {
    if (!measure.isMoney || currencies.length === 0) return [{ metric: measure.metric, currency: null }];
    if (measure.metric.kind === 'ratio' && !measure.isMoneyOverMoney && currencies.length > 1) {
      mixed.push(measure.metric.title);
      return [];
    }
    return currencies.map((currency) => ({ metric: measure.metric, currency }));
  });
  return { columns, mixed };
}

/** Currencies in which some week has an amount. */
function currenciesIn(totals: readonly Totals[]): string[] {
  const found = new Set<string>();
  for (const total of totals)
    for (const money of Object.values(total))
      if (typeof money !== 'string') for (const [currency, amount] of Object.entries(money)) if (Number(amount) !== 0) found.add(currency);
  return [...found].sort();
}

/** A column's number in a week's totals. A ratio is computed from its two sums; counts are the same for every currency. */
export function valueIn(totals: Totals, { currency, metric }: GrowthColumn): number | null {
  const sum = (name: string): number | null => {
    const total = totals[name];
    if (total === undefined) return null;
    return Number(typeof total === 'string' ? total : (total[currency ?? ''] ?? 0));
  };
  if (metric.kind !== 'ratio') return sum(metric.name);
  return evaluate({ numerator: 0, denominator: 1, scale: metric.scale }, [sum(metric.numerator), sum(metric.denominator)]);
}

/** A value as a fraction of another; null where there is nothing to divide by. */
export const shareOf = (value: number | null, whole: number | null): number | null =>
  value === null || whole === null || whole === 0 ? null : value / whole;

/** Ages (days after the window's end) at which completeness is told: first look, then weekly, then the ends of settling (calendar/age.ts). */
const AGES = [3, 7, 14, 21, 28, 42, 60] as const;

/**
 * How much of the last value was served when weeks were so old: what a young week's numbers are worth. A week takes part at an age when
 * something of it was served then.
 */
export function completenessByAge(weeks: readonly WeekGrowth[], columnCount: number): Completeness[] {
  return AGES.flatMap((ageDays) => {
    const served = weeks.flatMap(({ steps }) => {
      const step = steps.findLast((each) => each.ageDays <= ageDays);
      return step === undefined ? [] : [{ values: step.values, last: steps.at(-1)!.values }];
    });
    if (served.length === 0) return [];
    const columns = Array.from({ length: columnCount }, (_, index) =>
      spread(served.map(({ values, last }) => shareOf(values[index] ?? null, last[index] ?? null)).filter((share) => share !== null)),
    );
    return [{ ageDays, weeks: served.length, columns }];
  });
}

function spread(shares: readonly number[]): Completeness['columns'][number] {
  if (shares.length === 0) return null;
  const sorted = [...shares].sort((a, b) => a - b);
  const middle = (sorted[Math.floor((sorted.length - 1) / 2)]! + sorted[Math.ceil((sorted.length - 1) / 2)]!) / 2;
  return { median: middle, lowest: sorted[0]!, highest: sorted.at(-1)! };
}
