import type { Dataset } from '../../catalogue/dataset.ts';
import { storedName } from '../../catalogue/tables.ts';
import { tableShape } from '../table-shape.ts';
import { storedNumber } from './expressions.ts';

/** Names of the fact table's columns. */
export type ColumnPair = readonly [first: string, second: string];

/** What a dataset's quality settings ask of the numbers of a result; a rule that is off asks nothing. */
export interface ValueRules {
  notNegative: string[];
  /** The first never exceeds the second, in the week's sums. */
  pairs: readonly ColumnPair[];
  /** None of the first without any of the second. */
  needs: readonly ColumnPair[];
}

export function valueRules(dataset: Dataset): ValueRules {
  const { negative_values: negative, impossible_values: impossible } = dataset.quality;
  const numbers = tableShape(dataset).numbers.map(storedName);
  return {
    notNegative: negative.severity === 'off' ? [] : numbers.filter((name) => !negative.except.includes(name)),
    pairs: impossible.severity === 'off' ? [] : impossible.at_most,
    needs: impossible.severity === 'off' ? [] : impossible.needs,
  };
}

/**
 * SQL that is true of a staged row which may break a rule. Sums can only exceed each other where a row's numbers do, so a week without
 * such a row need not be added up for the rules, which is nearly every week.
 */
export function suspicious(dataset: Dataset): string {
  const { notNegative, pairs } = valueRules(dataset);
  const stored = (name: string): string =>
    storedNumber(
      dataset.columns.find((column) => storedName(column) === name)!,
      name,
    );
  const signs = [...notNegative.map((name) => `${name} < 0`), ...pairs.map(([first, second]) => `${stored(first)} > ${stored(second)}`)];
  return signs.length > 0 ? signs.join(' OR ') : 'false';
}
