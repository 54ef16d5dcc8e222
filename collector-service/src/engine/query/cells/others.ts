import { isOfDataset, type Question } from '../ask/question.ts';
import type { CellsPlan } from './cells-plan.ts';
import type { Parameters } from './parameters.ts';

/** The member of every dimension in the group of what is beyond the limit; no name holds the character it begins with. */
export const OTHERS = '\u0001others';

/** Whether a group is what is beyond the limit. */
export const isOthers = (question: Question, group: readonly string[]): boolean =>
  question.dimensions.some((name, index) => name !== 'currency' && group[index] === OTHERS);

/**
 * One group of all cells that are not shown and pass `where`, as a SELECT with the columns of a cells statement. Sums are added; people are
 * not, and have no number there. Groups that are split by currency have one in each.
 */
export function othersSelect(
  { question, components, byBucket, byCurrency }: CellsPlan,
  parameters: Parameters,
  inCurrency: string,
  place: string,
  where: string,
): string {
  const name = parameters.bind(OTHERS, 'text', 'others');
  const groups = question.dimensions.map((dimension, index) => (dimension === 'currency' ? `g${index + 1}::text` : name));
  const keys = [
    ...(byBucket ? ['b'] : []),
    ...(byCurrency ? ['c'] : []),
    ...question.dimensions.flatMap((dimension, index) => (dimension === 'currency' ? [`g${index + 1}`] : [])),
  ];
  const values = components.map(({ metric }, index) => (metric.kind === 'distinct' ? 'NULL::float8' : `sum(v${index + 1})::float8`));
  const output = [place, 'NULL', 'NULL', byBucket ? 'b::text' : 'NULL', byCurrency ? 'c' : 'NULL', inCurrency, ...groups, ...values];
  const grouped = keys.length === 0 ? ' HAVING count(*) > 0' : ` GROUP BY ${keys.join(', ')}`;
  return `SELECT ${output.join(', ')}\nFROM cells WHERE ${where}${grouped}`;
}

/** Whether there can be others: groups of a dataset or instances, and no rows told apart by their time. */
export const canHaveOthers = ({ dimensions, query, grain }: Question): boolean =>
  dimensions.some((name) => isOfDataset(name) || name === 'instance') && (query.format !== 'table' || grain === 'total');
