import { hasWholeLevels } from '../../../data/catalogue/levels.ts';
import { SUPPRESSED } from '../../../data/catalogue/tables.ts';
import { addDays, datesBetween, mondayOf, type IsoDate } from '../../../ground/calendar/week.ts';
import type { Question } from '../ask/question.ts';
import type { Part } from '../plan/parts.ts';
import { sourceFor, splitWeeksSource, type Source } from '../plan/source.ts';
import { bucketConditions, instanceCondition, levelConditions } from './conditions.ts';
import type { Component } from './measure.ts';
import { Parameters, type Statement } from './parameters.ts';

/** Share of a metric that Amazon hides at the level of detail asked for. */
export interface SuppressedShare {
  /** 0 to 1; null when the metric is zero. */
  share: number | null;
  metricTitle: string;
  /** Of money where the question asks for several currencies: the one of which most is hidden. */
  currency: string | null;
}

const NOTHING: ReadonlySet<string> = new Set();

/**
 * Asks how much of each sum is hidden at the question's level of detail: rows whose grouped or filtered names Amazon hid, and where
 * days are read, what of their weeks has no day or no name by day. Measured against the total over the same weeks, so a filter does not
 * change the share; days that are a part of their weeks count for that part.
 *
 * Null when the question hides nothing: totals of whole weeks, and datasets without a filtered column.
 */
export function suppressedStatement(
  question: Pick<Question, 'dataset' | 'instances'>,
  components: readonly Component[],
  parts: readonly Part[],
  dimensions: ReadonlySet<string>,
): Statement | null {
  const { dataset, instances } = question;
  const sums = components.filter(({ metric }) => metric.kind === 'additive');
  const hasFiltered = dataset.columns.some((column) => column.role === 'filtered');
  const measured = parts.filter(({ grain }) => dimensions.size > 0 || grain === 'day');
  if (sums.length === 0 || !hasFiltered || measured.length === 0) return null;

  const parameters = new Parameters();
  const instance = instanceCondition(
    parameters,
    instances.map(({ id }) => id),
  );
  const currency = dataset.columns.some((column) => column.role === 'currency') ? 'currency' : `''`;
  const select = (
    source: Source,
    grain: Part['grain'],
    buckets: readonly IsoDate[],
    kind: 'whole' | 'hidden',
    factor: number,
    more: string[],
  ): string => {
    const values = sums.map(({ sql }) => (factor === 1 ? sql : `(${sql}) * ${factor}`));
    const columns = values.flatMap((value, index) => [
      `${kind === 'whole' ? value : '0'} AS w${index + 1}`,
      `${kind === 'hidden' ? value : '0'} AS h${index + 1}`,
    ]);
    const where = [instance, ...bucketConditions(parameters, source, grain, buckets), ...levelConditions(parameters, source), ...more];
    return `SELECT ${currency} AS c, ${kind === 'whole' ? 'count(*)' : '0'} AS n, ${columns.join(', ')}\nFROM ${source.table}\nWHERE ${where.join('\n  AND ')}\nGROUP BY 1`;
  };
  const names = [...dimensions].map((name) => `"${name}" = ${parameters.bind(SUPPRESSED, 'text', 'hidden')}`);
  const isHidden = names.length === 0 ? 'false' : `filtered AND (${names.join(' OR ')})`;
  const selects = measured.flatMap((part) => {
    if (part.grain !== 'day') {
      const isSplit = part.grain === 'month' && hasWholeLevels(dataset);
      const whole = isSplit ? splitWeeksSource(dataset, NOTHING) : sourceFor(dataset, part.grain, NOTHING);
      return [
        select(whole ?? part.source, part.grain, part.buckets, 'whole', 1, []),
        select(part.source, part.grain, part.buckets, 'hidden', 1, [isHidden]),
      ];
    }
    const weeks = [...new Set(part.buckets.map(mondayOf))];
    const days = weeks.flatMap((week) => datesBetween(week, addDays(week, 7)));
    const factor = part.buckets.length / days.length;
    const weekly = sourceFor(dataset, 'week', NOTHING)!;
    return [
      select(weekly, 'week', weeks, 'whole', factor, []),
      select(weekly, 'week', weeks, 'hidden', factor, []),
      select(part.source, 'day', days, 'hidden', -factor, [`NOT (${isHidden})`]),
    ];
  });
  const columns = sums.flatMap((_, index) => [`sum(w${index + 1})::float8`, `sum(h${index + 1})::float8`]);
  const text = `SELECT c, sum(n)::float8, ${columns.join(', ')}\nFROM (\n${selects.join('\nUNION ALL\n')}\n) AS shares\nGROUP BY c ORDER BY 2 DESC, c`;
  return { text, values: parameters.values, described: parameters.described, prepared: true };
}

/**
 * The sum of which most is hidden: counts over all currencies, money in each of those that the question asks for by itself, since
 * amounts of different currencies are never added.
 */
export function readSuppressed(
  rows: readonly unknown[][],
  components: readonly Component[],
  { currencyFilters }: Pick<Question, 'currencyFilters'>,
): SuppressedShare {
  const sums = components.filter(({ metric }) => metric.kind === 'additive');
  const asked = rows.filter(([currency]) => currencyFilters.every((filter) => lets(filter, String(currency))));
  let worst: SuppressedShare = { share: null, metricTitle: sums[0]?.metric.title ?? '', currency: null };
  sums.forEach(({ metric }, index) => {
    const share = (of: readonly unknown[][]): number | null => {
      const total = (at: number): number => of.reduce((sum, row) => sum + Number(row[2 + 2 * index + at] ?? 0), 0);
      const [whole, hidden] = [total(0), total(1)];
      return whole === 0 ? null : Math.min(1, Math.max(0, hidden / whole));
    };
    const several = asked.length > 1;
    const shares =
      metric.unit === 'currency'
        ? asked.map((row) => ({ share: share([row]), currency: several ? String(row[0]) : null }))
        : [{ share: share(rows), currency: null }];
    for (const { share: found, currency } of shares) {
      if (found !== null && (worst.share === null || found > worst.share)) worst = { share: found, metricTitle: metric.title, currency };
    }
  });
  return worst;
}

/** Whether a filter on the currency lets one through. */
function lets({ operator, values }: Question['currencyFilters'][number], currency: string): boolean {
  if (operator === 'contains') return values.some((value) => currency.toLowerCase().includes(value.toLowerCase()));
  return values.includes(currency) === (operator === '=' || operator === 'in');
}
