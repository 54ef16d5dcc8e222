import { SUPPRESSED, UNKNOWN } from '../../../data/catalogue/tables.ts';
import type { Cell } from '../cells/cells.ts';
import { evaluate, type Component, type Measure } from '../cells/measure.ts';
import { shownValue } from '../values/dimension-value.ts';
import type { Value } from '../result.ts';
import type { CurrencyCells, Row } from './rows.ts';

/** A number of the answer: a metric, in one currency when it is money. */
export interface Column {
  measure: Measure;
  /** Stored currency; null for counts, and where each row has a currency of its own. */
  currency: string | null;
}

export interface ColumnChoice {
  columns: Column[];
  /** Titles of ratios that some currency lacks because its spend and sales are in different currencies. */
  mismatched: Set<string>;
}

/**
 * The columns of an answer: counts have one, money has one per currency that says something.
 *
 * A currency in which a metric is zero throughout, while another has amounts, is no column but an artefact of rows that
 * carry the currency for another number's sake. A currency Amazon did not name is kept only where it has amounts. Of
 * money over money (ROAS, ACOS) a currency needs both sides; where another has them, one that has but one is left out and said.
 */
export function chooseColumns(measures: readonly Measure[], rows: readonly Row[], splitByRow: boolean): ColumnChoice {
  const mismatched = new Set<string>();
  const cells = rows
    .flatMap((row) => [...(row.current?.values() ?? []), ...(row.previous?.values() ?? [])])
    .filter((cell) => cell.inCurrency);
  const currencies = [...new Set(cells.map((cell) => cell.currency ?? ''))].sort();
  const columns = measures.flatMap((measure): Column[] => {
    if (!measure.isMoney || splitByRow) return [{ measure, currency: null }];
    const weights = new Map(
      currencies.map((currency) => [
        currency,
        weigh(
          measure,
          cells.filter((cell) => (cell.currency ?? '') === currency),
        ),
      ]),
    );
    const best = Math.max(0, ...weights.values());
    const kept = currencies.filter((currency) => (best > 0 ? weights.get(currency) === best : isNamed(currency)));
    if (best === 2 && measure.isMoneyOverMoney && [...weights.values()].includes(1)) mismatched.add(measure.metric.title);
    return kept.length > 0 ? kept.map((currency) => ({ measure, currency })) : [{ measure, currency: null }];
  });
  return { columns, mismatched };
}

/**
 * Currencies that a filter leaves out and in which the advertisers it chose have money too: what was bought in another currency than they
 * account in. Counts hold it, the money shown does not.
 */
export function otherMoney(rows: readonly Row[], components: readonly Component[]): string[] {
  const money = components.flatMap(({ metric }, index) => (metric.unit === 'currency' ? [index] : []));
  const cells = rows.flatMap((row) => [...(row.current?.values() ?? [])]);
  const left = cells.filter((cell) => !cell.inCurrency && money.some((index) => (cell.components[index] ?? 0) !== 0));
  return [...new Set(left.map(({ currency }) => shownValue(undefined, currency ?? UNKNOWN)))].sort();
}

const isNamed = (currency: string): boolean => currency !== SUPPRESSED && currency !== UNKNOWN && currency !== '';

/** 2: has amounts (of a ratio: on both sides); 1: a ratio that has one side; 0: nothing. */
function weigh({ formula }: Measure, cells: readonly Cell[]): 0 | 1 | 2 {
  const has = (index: number): boolean => cells.some((cell) => (cell.components[index] ?? 0) !== 0);
  if ('value' in formula) return has(formula.value) ? 2 : 0;
  const [above, below] = [has(formula.numerator), has(formula.denominator)];
  if (above && below) return 2;
  return above || below ? 1 : 0;
}

/** The value of a column in the cells of a row. `onMismatch` hears of a ratio that two currencies made impossible. */
export function valueOf({ measure, currency }: Column, cells: CurrencyCells | null, onMismatch: () => void): Value {
  if (cells === null) return undefined;
  if (!measure.isMoney) return evaluate(measure.formula, addUp([...cells.values()]));
  const cell = currency === null ? [...cells.values()][0] : cells.get(currency);
  if (cell === undefined || !cell.inCurrency) return undefined;
  if (isSplitOverCurrencies(measure, cells)) {
    onMismatch();
    return null;
  }
  return evaluate(measure.formula, cell.components);
}

/** Counts of several currencies are one count; what is unknown in one cell is unknown in the sum. */
function addUp(cells: readonly Cell[]): (number | null)[] {
  const [first, ...rest] = cells;
  return (first?.components ?? []).map((start, index) =>
    rest.reduce<number | null>((sum, cell) => add(sum, cell.components[index] ?? null), start),
  );
}

const add = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a + b);

/** Whether both sides of a money ratio have amounts, and none of the currencies has both. */
function isSplitOverCurrencies({ formula, isMoneyOverMoney }: Measure, cells: CurrencyCells): boolean {
  if (!isMoneyOverMoney || 'value' in formula || cells.size < 2) return false;
  const sides = [...cells.values()].map((cell) =>
    [cell.components[formula.numerator], cell.components[formula.denominator]].map((side) => (side ?? 0) !== 0),
  );
  return sides.some(([above]) => above) && sides.some(([, below]) => below) && !sides.some(([above, below]) => above && below);
}
