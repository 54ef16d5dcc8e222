import type { Reader } from '../ask/reader.ts';
import { cellsStatement, needsCurrency, readCells, type CellsAnswer } from '../cells/cells.ts';
import type { CellsPlan } from '../cells/cells-plan.ts';
import { isOthers } from '../cells/others.ts';
import { describeStatement } from '../cells/parameters.ts';
import type { Comparison } from '../plan/comparison.ts';
import { weeksTouched } from '../plan/freshness.ts';
import { dimensionsTouched } from '../plan/level.ts';
import { partsOf } from '../plan/parts.ts';
import type { WindowChoice } from '../plan/window-choice.ts';
import type { Question } from '../ask/question.ts';
import { countsPeople } from '../../../data/catalogue/levels.ts';
import type { Plan } from './plan.ts';

/** The cells of an answer and of what it is compared with. */
export interface Numbers {
  current: CellsAnswer;
  before: CellsAnswer;
  /** Nothing was asked of the database, because there is nothing to ask. */
  isEmpty: boolean;
  /** Every statement was answered from the cache. */
  cached: boolean;
  /** As shown in the query inspector. */
  statements: string[];
}

const NOTHING: CellsAnswer = { cells: [], cuts: [] };

/** Order, cut and currencies of a question's groups. */
export interface Lists extends Pick<CellsPlan, 'ranking' | 'currencies'> {
  /** What is beyond the limit is a group too. */
  others: boolean;
}

/** Reads the numbers of a question. A comparison shows the groups that the ranking left. */
export async function readNumbers(
  reader: Reader,
  { question, coverage, period }: WindowChoice,
  { measures, having, components, parts, hopeless }: Plan,
  comparison: Comparison | null,
  { ranking, currencies, others }: Lists,
): Promise<Numbers> {
  const statements: string[] = [];
  let cached = true;
  const shape = {
    question,
    components,
    currencies,
    byBucket: question.grain !== 'total',
    byCurrency: needsCurrency(question, [...measures, ...having.map(({ measure }) => measure)]),
    rest: question.rest,
  };
  const read = async (plan: CellsPlan): Promise<CellsAnswer> => {
    const statement = cellsStatement(plan);
    statements.push(describeStatement(statement));
    const { rows, cached: wasCached } = await reader.read(statement, coverage, weeksTouched({ ...period, buckets: [...plan.buckets] }));
    cached &&= wasCached;
    return readCells(rows, plan);
  };
  const isEmpty = hopeless || period.buckets.length === 0 || question.instances.length === 0;
  const current = isEmpty ? NOTHING : await read({ ...shape, parts, buckets: period.buckets, having, others, ranking, groups: null });
  const earlier = comparison === null || isEmpty || !isComparable(comparison, question) ? null : comparison.period;
  const earlierParts =
    earlier &&
    (countsPeople(question.dataset)
      ? parts.map((part) => ({ ...part, buckets: earlier.buckets }))
      : partsOf(question.dataset, earlier, dimensionsTouched(question), question.grain === 'total'));
  const isCut = current.cuts.length > 0 || having.length > 0 || (currencies.length > 1 && question.query.limit !== undefined);
  const groups = isCut && question.dimensions.length > 0 ? distinctGroups(question, current) : null;
  // Of groups that a filter on a metric left out, others would tell in one period and not in the other.
  const compared = { having: [], others: others && having.length === 0, ranking: null, groups };
  const before =
    earlier === null || earlierParts === null || (having.length > 0 && current.cells.length === 0)
      ? NOTHING
      : await read({ ...shape, ...compared, parts: earlierParts, buckets: earlier.buckets });
  return { current, before, isEmpty, cached, statements };
}

/** A total is compared only when the period before has all its weeks, or the reader asked for partial ones. */
function isComparable({ period, missing }: Comparison, { grain, query }: Question): boolean {
  if (period.buckets.length === 0) return false;
  return grain !== 'total' || missing.length === 0 || query.partial === 'mark';
}

const distinctGroups = (question: Question, { cells }: CellsAnswer): string[][] => [
  ...new Map(cells.filter(({ group }) => !isOthers(question, group)).map(({ group }) => [JSON.stringify(group), group])).values(),
];
