import type { IsoDate } from '../../../ground/calendar/week.ts';
import type { Cell } from '../cells/cells.ts';
import type { CurrencyCells, Row } from './rows.ts';

/** What becomes of the components of consecutive buckets; null for a bucket without an answer. */
export type OverBuckets = (buckets: readonly (readonly (number | null)[] | null)[]) => ((number | null)[] | null)[];

/** Each bucket and all before it. A bucket without an answer has none; those after it go on without it. */
export const cumulative: OverBuckets = (buckets) => {
  let total: (number | null)[] | null = null;
  return buckets.map((components) => {
    if (components === null) return null;
    total = total === null ? [...components] : added(total, components);
    return total;
  });
};

/** The mean of as many buckets up to each. Nothing until there are so many, nor where one of them has no answer. */
export const movingAverage =
  (points: number): OverBuckets =>
  (buckets) =>
    buckets.map((_, index) => {
      const window = buckets.slice(Math.max(0, index + 1 - points), index + 1).filter((components) => components !== null);
      const width = buckets[0]?.length ?? window[0]?.length ?? 0;
      if (window.length < points) return Array.from<null>({ length: width }).fill(null);
      const [first = [], ...rest] = window;
      return rest.reduce<(number | null)[]>(added, [...first]).map((sum) => (sum === null ? null : sum / points));
    });

const added = (a: readonly (number | null)[], b: readonly (number | null)[]): (number | null)[] =>
  a.map((value, index) => (value === null || b[index] == null ? null : value + b[index]));

/**
 * Rows with a cell for each bucket, made of those up to it. Computed on the components, so that a ratio is one of sums. In the order of the
 * groups, each with its buckets.
 * @param gaps buckets without an answer, now and in what is compared
 * @param width how many components a cell has
 */
export function overBuckets(
  rows: readonly Row[],
  buckets: readonly IsoDate[],
  gaps: { current: ReadonlySet<IsoDate>; previous: ReadonlySet<IsoDate> },
  width: number,
  change: OverBuckets,
): Row[] {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = row.group.join('\0');
    groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return [...groups.values()].flatMap((own) => {
    const sides = { current: sideOf(own, 'current'), previous: sideOf(own, 'previous') };
    return buckets.map((bucket, index): Row => ({
      bucket,
      group: own[0]!.group,
      current: sides.current?.[index] ?? null,
      previous: sides.previous?.[index] ?? null,
    }));
  });

  function sideOf(own: readonly Row[], side: 'current' | 'previous'): (CurrencyCells | null)[] | null {
    const byBucket = new Map(own.map((row) => [row.bucket, row[side]]));
    const models = new Map<string, Cell>();
    for (const row of own) for (const [currency, cell] of row[side] ?? []) models.set(currency, cell);
    if (models.size === 0) return null;
    const made = new Map([...models.keys()].map((currency) => [currency, change(buckets.map((bucket) => componentsAt(bucket, currency)))]));
    return buckets.map((bucket, index) => {
      if (gaps[side].has(bucket)) return null;
      const cells = new Map<string, Cell>();
      for (const [currency, model] of models) {
        const components = made.get(currency)![index];
        if (components != null) cells.set(currency, { ...model, bucket, components });
      }
      return cells;
    });

    // A bucket that is answered without rows of the group is a bucket of zeros.
    function componentsAt(bucket: IsoDate, currency: string): readonly (number | null)[] | null {
      if (gaps[side].has(bucket)) return null;
      return byBucket.get(bucket)?.get(currency)?.components ?? Array.from<number>({ length: width }).fill(0);
    }
  }
}
