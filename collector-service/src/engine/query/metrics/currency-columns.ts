import { SUPPRESSED, UNKNOWN } from '../../../data/catalogue/tables.ts';
import type { Cell } from '../cells/cells.ts';
import { componentsIn, evaluate, weigh } from '../calculated/formula.ts';
import type { Component, Measure } from '../cells/measure.ts';
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
        weigh(measure.formula, (component) =>
          cells.some((cell) => (cell.currency ?? '') === currency && (cell.components[component] ?? 0) !== 0),
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

/** The value of a column in the cells of a row. `onMismatch` hears of a ratio that two currencies made impossible. */
export function valueOf(
  { measure, currency }: Column,
  cells: CurrencyCells | null,
  components: readonly Component[],
  onMismatch: () => void,
): Value {
  if (cells === null) return undefined;
  if (!measure.isMoney) return evaluate(measure.formula, addUp([...cells.values()]));
  const cell = currency === null ? [...cells.values()][0] : cells.get(currency);
  if (cell === undefined || !cell.inCurrency) return undefined;
  if (isSplitOverCurrencies(measure, cells, components)) {
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

/** Whether all the money of a ratio is there, and no currency has all of it. */
function isSplitOverCurrencies({ formula, isMoneyOverMoney }: Measure, cells: CurrencyCells, components: readonly Component[]): boolean {
  if (!isMoneyOverMoney || cells.size < 2) return false;
  const money = componentsIn(formula).filter((index) => components[index]?.metric.unit === 'currency');
  const has = (cell: Cell, index: number): boolean => (cell.components[index] ?? 0) !== 0;
  const all = [...cells.values()];
  return money.every((index) => all.some((cell) => has(cell, index))) && !all.some((cell) => money.every((index) => has(cell, index)));
}
