import { formulaSql } from '../calculated/formula.ts';
import type { CellsPlan, Having } from './cells-plan.ts';
import type { Parameters } from './parameters.ts';

/**
 * The rows or groups whose metrics pass every filter, as a SELECT over `cells`; null without filters. Money is compared within a currency:
 * what passes does so in one of them, with all its filters on money. No number passes nothing.
 */
export function keptGroups(
  { having, components, byCurrency, currencies }: CellsPlan,
  parameters: Parameters,
  unit: readonly string[],
  where: string,
): string | null {
  if (having.length === 0) return null;
  const condition = ({ measure, operator, value }: Having, filter: string): string => {
    // Distinct counts are never added: of several buckets the peak is compared.
    const total = (index: number): string => `${components[index]?.metric.kind === 'distinct' ? 'max' : 'sum'}(v${index + 1})${filter}`;
    return `(${formulaSql(measure.formula, total)}) ${operator} ${parameters.bind(value, 'numeric', `${measure.metric.name} ${operator}`)}`;
  };
  const money = having.filter(({ measure }) => measure.isMoney && byCurrency);
  const others = having.filter((each) => !money.includes(each)).map((each) => condition(each, ''));
  // A parameter that no text needs has no type.
  const named = money.length === 0 ? [] : currencies.map((currency) => parameters.bind(currency, 'text', 'currency'));
  const filters = named.length === 0 ? [''] : named.map((currency) => ` FILTER (WHERE c = ${currency})`);
  const inOne = filters.map((filter) => `(${money.map((each) => condition(each, filter)).join(' AND ')})`);
  const all = [...others, ...(money.length === 0 ? [] : [`(${inOne.join(' OR ')})`])].join(' AND ');
  const list = unit.join(', ');
  return `SELECT ${unit.length === 0 ? '1 AS one' : list} FROM cells${where}${unit.length === 0 ? '' : ` GROUP BY ${list}`} HAVING ${all}`;
}
