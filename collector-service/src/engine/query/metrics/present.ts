import { valueOf, type Column, type ColumnChoice } from './currency-columns.ts';
import { shownValue } from '../values/dimension-value.ts';
import type { Question } from '../ask/question.ts';
import type { ResultColumn, ResultRow, Value } from '../result.ts';
import { resultColumn } from '../values/result-column.ts';
import type { Row } from './rows.ts';
import { instanceTitles } from '../ask/scope.ts';
import { isRest } from '../cells/cells.ts';
import type { MemberNames } from '../values/member-names.ts';

export interface Presented {
  columns: ResultColumn[];
  rows: ResultRow[];
  /** Titles of ratios left empty because spend and sales are in different currencies. */
  mismatched: Set<string>;
}

/** Turns rows of cells into rows of numbers with names as a person reads them. */
export function present(
  question: Question,
  choice: ColumnChoice,
  rows: readonly Row[],
  compared: boolean,
  names: MemberNames = new Map(),
): Presented {
  const mismatched = new Set(choice.mismatched);
  const titles = instanceTitles(question.instances);
  const show = question.dimensions.map((name) => {
    const dimension = question.dataset.dimensions.find((each) => each.name === name);
    return (stored: string): string =>
      name === 'instance' ? (titles.get(stored) ?? stored) : (names.get(name)?.get(stored) ?? shownValue(dimension, stored));
  });
  const columns = choice.columns.flatMap((column) => resultColumns(column, choice.columns, compared));
  const presented = rows.map((row): ResultRow => {
    const values = choice.columns.flatMap((column): Value[] => {
      // What is hidden of spend and of sales are other rows of other campaigns: their ratio says nothing.
      const says = column.measure.metric.kind !== 'ratio' || !isRest(question, row.group);
      const read = (cells: Row['current']): Value =>
        says ? valueOf(column, cells, () => mismatched.add(column.measure.metric.title)) : cells === null ? undefined : null;
      const current = read(row.current);
      if (!compared) return [current];
      const previous = read(row.previous);
      return [current, previous, change(current, previous)];
    });
    return { bucket: row.bucket, group: row.group.map((stored, index) => show[index]!(stored)), values };
  });
  return { columns, rows: presented, mismatched };
}

function resultColumns({ measure: { metric }, currency }: Column, all: readonly Column[], compared: boolean): ResultColumn[] {
  const several = all.filter((column) => column.measure.metric === metric).length > 1;
  const periods: ResultColumn['period'][] = compared ? ['current', 'previous', 'change'] : ['current'];
  return periods.map((period) => resultColumn(metric, currency, several, period));
}

/** Change as a fraction of the earlier value: 0.1 is 10 % more. Null where there is nothing to divide by. */
function change(current: Value, previous: Value): Value {
  if (current === undefined || previous === undefined) return undefined;
  return current === null || previous === null || previous === 0 ? null : (current - previous) / Math.abs(previous);
}
