import { SUPPRESSED } from '../../../data/catalogue/tables.ts';
import { addDays } from '../../../ground/calendar/week.ts';
import { bucketConditions, instanceCondition } from './conditions.ts';
import { weeksTouched } from '../plan/freshness.ts';
import { dimensionsTouched } from '../plan/level.ts';
import type { Component } from './measure.ts';
import { Parameters, type Statement } from './parameters.ts';
import type { Period } from '../plan/period.ts';
import type { Question } from '../ask/question.ts';
import { smallestSource } from '../plan/source.ts';

/** Share of a metric that Amazon hides at the level of detail asked for. */
export interface SuppressedShare {
  /** 0 to 1; null when the metric is zero. */
  share: number | null;
  metricTitle: string;
}

/**
 * Asks how much of the question's first sum is hidden at its level of detail: rows whose grouped or filtered dimensions
 * Amazon hid, and for days also rows whose day it hid. Measured against the total over the same weeks, which keeps hidden
 * traffic, so a filter does not change the share; money is measured in the currency with most rows.
 *
 * Null when the question hides nothing: totals by week and month, and datasets without a filtered column.
 */
export function suppressedStatement(question: Question, components: readonly Component[], period: Period): Statement | null {
  const { dataset } = question;
  const component = components.find(({ metric }) => metric.kind === 'additive');
  const dimensions = dimensionsTouched(question);
  const hasFiltered = dataset.columns.some((column) => column.role === 'filtered');
  const byDay = period.grain === 'day';
  const weeks = weeksTouched(period);
  if (component === undefined || !hasFiltered || dataset.levels !== undefined || weeks.length === 0 || (dimensions.size === 0 && !byDay))
    return null;

  const parameters = new Parameters();
  const currency = component.metric.unit === 'currency' ? 'currency' : `''`;
  const instances = instanceCondition(
    parameters,
    question.instances.map((instance) => instance.id),
  );
  const sums = (grain: Period['grain'], names: ReadonlySet<string>, extra: string[]): string => {
    const source = smallestSource(dataset, grain, names);
    const buckets = grain === 'day' ? weeks.flatMap(daysOf) : grain === 'week' ? weeks : period.buckets;
    const where = [instances, ...bucketConditions(parameters, source, grain, buckets), ...extra];
    return `SELECT ${currency} AS c, count(*) AS n, ${component.sql} AS m\nFROM ${source.table}\nWHERE ${where.join('\n  AND ')}\nGROUP BY 1`;
  };
  const totalGrain = byDay ? 'week' : period.grain;
  const hiddenIn = [...dimensions].map((name) => `"${name}" = ${parameters.bind(SUPPRESSED, 'text', 'hidden')}`);
  const hidden = hiddenIn.length === 0 ? null : sums(period.grain, dimensions, ['filtered', `(${hiddenIn.join(' OR ')})`]);
  const text = [
    `WITH whole AS (\n${sums(totalGrain, new Set(), [])}\n)`,
    ...(hidden === null ? [] : [`, hidden AS (\n${hidden}\n)`]),
    ...(byDay ? [`, dated AS (\n${sums('day', new Set(), [])}\n)`] : []),
    `SELECT whole.m::float8, ((${hidden === null ? '0' : 'coalesce(hidden.m, 0)'}) + (${byDay ? 'whole.m - coalesce(dated.m, 0)' : '0'}))::float8`,
    'FROM whole',
    ...(hidden === null ? [] : ['LEFT JOIN hidden USING (c)']),
    ...(byDay ? ['LEFT JOIN dated USING (c)'] : []),
    'ORDER BY whole.n DESC, c LIMIT 1',
  ].join('\n');
  return { text, values: parameters.values, described: parameters.described, prepared: true };
}

const daysOf = (week: string): string[] => Array.from({ length: 7 }, (_, index) => addDays(week, index));

export function readSuppressed(rows: readonly unknown[][], components: readonly Component[]): SuppressedShare {
  const [whole, hidden] = (rows as [number, number][])[0] ?? [0, 0];
  const metricTitle = components.find(({ metric }) => metric.kind === 'additive')?.metric.title ?? '';
  return { share: whole === 0 ? null : Math.min(1, Math.max(0, hidden / whole)), metricTitle };
}
