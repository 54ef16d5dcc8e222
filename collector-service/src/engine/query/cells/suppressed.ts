import type { Filter } from '../../../contract/query.ts';
import { hasWholeLevels, levelFor } from '../../../data/catalogue/levels.ts';
import { SUPPRESSED } from '../../../data/catalogue/tables.ts';
import { addDays, datesBetween, mondayOf, type IsoDate } from '../../../ground/calendar/week.ts';
import { letsCurrency } from '../ask/chosen-accounts.ts';
import type { Question } from '../ask/question.ts';
import { ADVERTISER, hasCurrency } from '../plan/accounts.ts';
import { columnsOf } from '../plan/names.ts';
import type { Part } from '../plan/parts.ts';
import { sourceFor, splitWeeksSource, type Source } from '../plan/source.ts';
import { shownValue } from '../values/dimension-value.ts';
import { accountConditions } from './account-condition.ts';
import { bucketConditions, instanceCondition, levelConditions } from './conditions.ts';
import { dimensionCondition } from './dimension-condition.ts';
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

/**
 * Asks how much of each sum is hidden at the question's level of detail: what a coarser level of the same weeks has and the rows asked
 * for do not, because Amazon hid their names, or where days are read, their day. Days that are a part of their weeks count for that part.
 *
 * Filters that the coarser level knows restrict both sides. Of others nobody can tell: what is hidden of one campaign by week is
 * hidden among all. Null when the question hides nothing: totals of whole weeks, and datasets without a filtered column.
 */
export function suppressedStatement(
  question: Pick<Question, 'dataset' | 'instances' | 'filters' | 'currencyFilters' | 'accounts'>,
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
  const currency = hasCurrency(dataset) ? 'currency' : `''`;
  const known = reference(question, measured, dimensions);
  const shared = [
    instance,
    ...(hasCurrency(dataset) ? accountConditions(question, parameters) : []),
    ...known.filters.map((filter) => dimensionCondition(question, filter, parameters)),
  ];
  const select = (
    source: Source,
    grain: Part['grain'],
    buckets: readonly IsoDate[],
    of: 'whole' | 'hidden',
    factor: number,
    more: string[],
  ): string => {
    const values = sums.map(({ sql }) => (factor === 1 ? sql : `(${sql}) * ${factor}`));
    const columns = values.flatMap((value, index) => [
      `${of === 'whole' ? value : '0'} AS w${index + 1}`,
      `${of === 'hidden' ? value : '0'} AS h${index + 1}`,
    ]);
    const where = [...shared, ...bucketConditions(parameters, source, grain, buckets), ...levelConditions(parameters, source), ...more];
    return `SELECT ${currency} AS c, ${of === 'whole' ? 'count(*)' : '0'} AS n, ${columns.join(', ')}\nFROM ${source.table}\nWHERE ${where.join('\n  AND ')}\nGROUP BY 1`;
  };
  const names = [...dimensions].map((name) => `"${name}" = ${parameters.bind(SUPPRESSED, 'text', 'hidden')}`);
  const isHidden = names.length === 0 ? 'false' : `filtered AND (${names.join(' OR ')})`;
  const selects = measured.flatMap((part) => {
    if (part.grain !== 'day') {
      const isSplit = part.grain === 'month' && hasWholeLevels(dataset);
      const coarser = isSplit ? splitWeeksSource(dataset, known.dimensions) : sourceFor(dataset, part.grain, known.dimensions);
      const whole = coarser ?? part.source;
      const of = (source: Source, what: 'whole' | 'hidden', factor: number, more: string[]): string =>
        select(source, part.grain, part.buckets, what, factor, more);
      // What is hidden is nobody's by name: of what a filter leaves it is what the rows shown lack. Without one it is found by an index.
      return known.filters.length > 0
        ? [of(whole, 'whole', 1, []), of(whole, 'hidden', 1, []), of(part.source, 'hidden', -1, [`NOT (${isHidden})`])]
        : [of(whole, 'whole', 1, []), of(part.source, 'hidden', 1, [isHidden])];
    }
    const weeks = [...new Set(part.buckets.map(mondayOf))];
    const days = weeks.flatMap((week) => datesBetween(week, addDays(week, 7)));
    const factor = part.buckets.length / days.length;
    const weekly = sourceFor(dataset, 'week', known.dimensions)!;
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

/** The filters, when a level coarser than the one asked for knows them all, and the columns it needs for them. */
function reference(
  { dataset, filters, accounts }: Pick<Question, 'dataset' | 'filters' | 'accounts'>,
  parts: readonly Part[],
  asked: ReadonlySet<string>,
): { filters: Filter[]; dimensions: Set<string> } {
  const dimensions = new Set(accounts === null ? [] : [ADVERTISER]);
  if (!hasWholeLevels(dataset)) return { filters: [], dimensions };
  const own = levelFor(dataset, asked, 'week')?.dimensions.length ?? 0;
  const byDay = parts.every(({ grain }) => grain === 'day');
  const isKnown = (filter: Filter): boolean => {
    const columns = [...dimensions, ...columnsOf(dataset, filter.dimension)];
    const level = levelFor(dataset, columns, 'week');
    if (level === undefined || (!byDay && level.dimensions.length >= own)) return false;
    columns.forEach((name) => dimensions.add(name));
    return true;
  };
  // All or none: with one campaign chosen, the rows of its ad product would be read for its sake.
  return filters.every(isKnown)
    ? { filters: [...filters], dimensions }
    : { filters: [], dimensions: new Set(accounts === null ? [] : [ADVERTISER]) };
}

/**
 * How much is hidden of each sum, the most first: of counts over all currencies, of money in each of those that the question asks for by
 * itself, since amounts of different currencies are never added.
 */
export function readSuppressed(
  rows: readonly unknown[][],
  components: readonly Component[],
  { currencyFilters }: Pick<Question, 'currencyFilters'>,
): SuppressedShare[] {
  const sums = components.filter(({ metric }) => metric.kind === 'additive');
  const asked = rows.filter(([currency]) => letsCurrency(currencyFilters, String(currency)));
  return sums
    .flatMap(({ metric }, index): SuppressedShare[] => {
      const share = (of: readonly unknown[][]): number | null => {
        const total = (at: number): number => of.reduce((sum, row) => sum + Number(row[2 + 2 * index + at] ?? 0), 0);
        const [whole, hidden] = [total(0), total(1)];
        return whole === 0 ? null : Math.min(1, Math.max(0, hidden / whole));
      };
      const metricTitle = metric.title;
      if (metric.unit !== 'currency') return [{ share: share(rows), metricTitle, currency: null }];
      return asked.map((row) => ({
        share: share([row]),
        metricTitle,
        currency: asked.length > 1 ? shownValue(undefined, String(row[0])) : null,
      }));
    })
    .sort((a, b) => (b.share ?? -1) - (a.share ?? -1));
}
