import type { Dataset } from '../../../data/catalogue/dataset.ts';
import { letsCurrency } from '../ask/chosen-accounts.ts';
import { isOverBuckets } from '../ask/check-query.ts';
import type { Question } from '../ask/question.ts';
import type { Reader } from '../ask/reader.ts';
import type { Ranking } from '../cells/cells-plan.ts';
import { withSums, type Measure } from '../cells/measure.ts';
import { costsOf, currenciesOf, readAccounts } from '../plan/accounts.ts';
import type { Plan } from './plan.ts';

/** Rows of a table, or series, when the query sets no limit. */
const DEFAULT_LIMIT = { table: 10_000, timeseries: 1000, numeric: 1000 } as const;
/** Cells of an answer at most (groups by buckets): what a browser can still draw. */
const MOST_CELLS = 100_000;

/** Rows of a table by time are ranked one by one, unless each is made of those before it. */
const ranksRows = ({ query, grain }: Question): boolean => query.format === 'table' && grain !== 'total' && !isOverBuckets(query);

/** A table ranks its rows, a series or number its group; an answer without groups has nothing to rank. */
export const isRanked = (question: Question): boolean => question.dimensions.length > 0 || ranksRows(question);

/** The currencies whose lists money is ranked in: those of accounts, or those of them that a filter chooses. */
export async function currenciesToRank(reader: Reader, { dataset, instances, currencyFilters }: Question): Promise<string[]> {
  const all = currenciesOf(await readAccounts(reader, dataset, instances));
  return all.filter((currency) => letsCurrency(currencyFilters, currency));
}

/** Whether a group accounts in a currency is told by its costs: they are read also where nobody asks for them. */
export const rankedPlan = (plan: Plan, dataset: Dataset, currencies: readonly string[]): Plan =>
  currencies.length > 1 ? { ...plan, components: withSums(plan.components, costsOf(dataset)) } : plan;

export function rankingOf(question: Question, measures: readonly Measure[], buckets: number): Ranking | null {
  const { query, order } = question;
  const byBucket = ranksRows(question);
  if (!isRanked(question)) return null;
  const most = byBucket ? MOST_CELLS : Math.max(1, Math.floor(MOST_CELLS / Math.max(1, buckets)));
  const limit = Math.min(query.limit ?? DEFAULT_LIMIT[query.format], most);
  const direction = (order?.by === 'time' && !byBucket ? undefined : order?.direction) ?? (byBucket ? 'asc' : 'desc');
  const by = order?.by === 'time' && !byBucket ? undefined : order?.by;
  if (by === undefined) return { byBucket, by: byBucket ? 'time' : measures[0]!, direction, limit };
  if (by === 'time' || 'dimension' in by) return { byBucket, by, direction, limit };
  const measure = measures.find(({ metric }) => metric.name === by.name);
  return { byBucket, by: measure ?? measures[0]!, direction, limit };
}
