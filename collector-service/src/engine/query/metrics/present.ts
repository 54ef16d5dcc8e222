import { valueOf, type Column, type ColumnChoice } from './currency-columns.ts';
import { shownValue } from '../values/dimension-value.ts';
import type { Question } from '../ask/question.ts';
import type { ResultColumn, ResultRow, Value } from '../result.ts';
import { resultColumn } from '../values/result-column.ts';
import type { Row } from './rows.ts';
import { instanceTitles } from '../ask/scope.ts';
import { isSum } from '../calculated/calculated-metric.ts';
import { isRest } from '../cells/cells.ts';
import type { Component } from '../cells/measure.ts';
import { OTHERS } from '../cells/others.ts';
import type { MemberNames } from '../values/member-names.ts';
import type { Wholes } from './wholes.ts';

export interface Presented {
  columns: ResultColumn[];
  rows: ResultRow[];
  /** Titles of ratios left empty because spend and sales are in different currencies. */
  mismatched: Set<string>;
}

/** Turns rows of cells into rows of numbers with names as a person reads them. */
export function present(
  question: Question,
  components: readonly Component[],
  choice: ColumnChoice,
  rows: readonly Row[],
  { compared, names, wholes }: { compared: boolean; names: MemberNames; wholes: Wholes | null },
): Presented {
  const mismatched = new Set(choice.mismatched);
  const titles = instanceTitles(question.instances);
  const show = question.dimensions.map((name) => {
    const dimension = question.dataset.dimensions.find((each) => each.name === name);
    return (stored: string): string =>
      stored === OTHERS
        ? 'Others'
        : name === 'instance'
          ? (titles.get(stored) ?? stored)
          : (names.get(name)?.get(stored) ?? shownValue(dimension, stored));
  });
  const columns = choice.columns.flatMap((column) => resultColumns(question, column, choice.columns, compared));
  const presented = rows.map((row): ResultRow => {
    const values = choice.columns.flatMap((column): Value[] => {
      // What is hidden of spend and of sales are other rows of other campaigns: their ratio says nothing.
      const { metric } = column.measure;
      const says = metric.kind === 'additive' || metric.kind === 'distinct' || isSum(metric) || !isRest(question, row.group);
      const number = (cells: Row['current']): Value =>
        says ? valueOf(column, cells, components, () => mismatched.add(metric.title)) : cells === null ? undefined : null;
      const read = (side: 'current' | 'previous'): Value => {
        const value = number(row[side]);
        return wholes === null ? value : shareOf(value, number(wholes.of(row)?.[side] ?? null));
      };
      const current = read('current');
      if (!compared) return [current];
      const previous = read('previous');
      return [current, previous, change(current, previous)];
    });
    return { bucket: row.bucket, group: row.group.map((stored, index) => show[index]!(stored)), values };
  });
  return { columns, rows: presented, mismatched };
}

function resultColumns(
  question: Question,
  { measure: { metric }, currency }: Column,
  all: readonly Column[],
  compared: boolean,
): ResultColumn[] {
  const several = all.filter((column) => column.measure.metric === metric).length > 1;
  const periods: ResultColumn['period'][] = compared ? ['current', 'previous', 'change'] : ['current'];
  return periods.map((period) => transformed(question, resultColumn(metric, currency, several, period)));
}

/** What a transform makes of a column: a share is a fraction, and the title says what is shown. */
function transformed({ query, grain }: Question, column: ResultColumn): ResultColumn {
  switch (query.transform) {
    case 'none':
      return column;
    case 'share':
      return { ...column, unit: 'percent', title: `${column.title}, share` };
    case 'cumulative':
      return { ...column, title: `${column.title}, cumulative` };
    case 'moving_average':
      return { ...column, title: `${column.title}, average of ${query.movingAverage.points} ${grain}s` };
  }
}

/** A value as a fraction of the whole; null where there is nothing to divide by, undefined where there is no value. */
function shareOf(value: Value, whole: Value): Value {
  if (value === undefined) return undefined;
  return value === null || whole === undefined || whole === null || whole === 0 ? null : value / whole;
}

/** Change as a fraction of the earlier value: 0.1 is 10 % more. Null where there is nothing to divide by. */
function change(current: Value, previous: Value): Value {
  if (current === undefined || previous === undefined) return undefined;
  return current === null || previous === null || previous === 0 ? null : (current - previous) / Math.abs(previous);
}
