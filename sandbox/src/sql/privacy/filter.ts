import { quoteText } from '../ast.ts';
import type { Branch, CompiledQuery } from '../compile.ts';
import { hiddenNames } from '../queries/hidden-columns.ts';
import { COUNT_COLUMN } from '../scope.ts';

/** How a workflow wants what falls under a threshold (reference/amc.md §4.2). */
export interface PrivacyOptions {
  readonly behaviour: 'REMOVE_ROWS' | 'REMOVE_VALUES';
  readonly discriminatorColumn?: string;
  readonly distinctUserCountColumn?: string;
  readonly filteredReasonColumn?: string;
  /** disableAggregationControls with requireSyntheticData: nothing is hidden. */
  readonly open: boolean;
}

export interface FilteredQuery {
  readonly sql: string;
  /** Columns the filter adds after the query's own, in order. */
  readonly added: readonly { name: string; dataType: 'BOOLEAN' | 'LONG' | 'STRING' }[];
}

const ALL_ROWS = 'amc_rows';
const plain = (index: number): string => `c${index + 1}`;

/** All rows of the query as they are, c1, c2, … and the people behind each: the base of the filter, and what is checked first. */
export const unfiltered = (query: CompiledQuery): string =>
  `${query.withSql} ${query.branches.map((branch) => branchRows(branch, false)).join(' UNION ALL ')}`;

/**
 * One branch with its values under the threshold taken out. A literal needs nobody, so it stays; the sums (NONE) stay too,
 * whoever is behind them. amc_hidden says whether the row fell under the threshold of any of its columns.
 */
function branchRows(branch: Branch, hide: boolean): string {
  const hidden = hiddenNames(branch.persons);
  const someone = hidden.filter((name) => name !== COUNT_COLUMN).map((name) => `${name} IS NOT NULL`);
  const users = `COALESCE(${COUNT_COLUMN}, CASE WHEN ${someone.join(' AND ')} THEN 1 ELSE 0 END)`;
  // Only where nothing is hidden can a column that never leaves be among them.
  const strictest = Math.min(Number.MAX_SAFE_INTEGER, Math.max(0, ...branch.columns.map((column) => column.needed)));
  const columns = branch.columns.map((column, index) =>
    hide && column.needed > 1 ? `CASE WHEN amc_people >= ${column.needed} THEN ${plain(index)} END AS ${plain(index)}` : plain(index),
  );
  const names = [...branch.columns.map((_, index) => plain(index)), ...hidden];
  const table = quoteText(branch.tables[0] ?? 'query');
  return `SELECT ${columns.join(', ')}, amc_people, amc_people < ${strictest} AS amc_hidden,
      LEAST(amc_people, ${strictest >= 100 ? 100 : 2}) AS amc_capped,
      CASE WHEN amc_people < ${strictest} THEN amc_people || ' ''' || ${table} || ''' users < ${strictest} required' END AS amc_reason
    FROM (SELECT *, ${users} AS amc_people FROM (${branch.sql}) AS amc_branch(${names.join(', ')})
      WHERE ${COUNT_COLUMN} IS NOT NULL OR ${emptyGroup(branch)}) AS amc_counted`;
}

/** The one row that an aggregate without GROUP BY gives over nothing has no count of people; it is no result. */
const emptyGroup = (branch: Branch): string =>
  /\bGROUP BY\b/i.test(branch.sql) || !branch.columns.some((column) => column.metric) ? 'TRUE' : 'FALSE';

/** @param numeric which columns hold numbers, as PostgreSQL says: only those can be summed again */
export function filtered(query: CompiledQuery, numeric: readonly boolean[], options: PrivacyOptions): FilteredQuery {
  const hide = !options.open && (options.discriminatorColumn !== undefined || options.behaviour === 'REMOVE_VALUES');
  const rows = query.branches.map((branch) => branchRows(branch, hide)).join(' UNION ALL ');
  const names = query.columns.map((_, index) => plain(index));
  const added = addedColumns(options);
  const touched = options.open ? 'FALSE' : 'amc_hidden';
  const extra = [
    ...(options.discriminatorColumn !== undefined ? [touched] : []),
    ...(options.distinctUserCountColumn !== undefined ? ['amc_capped'] : []),
    ...(options.filteredReasonColumn !== undefined ? ['amc_reason'] : []),
  ];
  const head = `${query.withSql ? `${query.withSql}, ` : 'WITH '}${ALL_ROWS} AS (${rows})`;
  const stats = `${touched} AS amc_hidden, 1 AS amc_source_rows`;
  const asTheyAre = `SELECT ${[...names, ...extra].join(', ')}, ${stats} FROM ${ALL_ROWS}`;
  if (options.open) return { sql: `${head} ${asTheyAre}`, added };
  // Removed rows are still told apart (amc_hidden), so that the sandbox can say how many there were.
  if (options.discriminatorColumn === undefined) return { sql: `${head} ${asTheyAre}`, added };
  const sums = query.columns.map((column, index) => (column.metric && numeric[index] ? `SUM(${plain(index)})` : plain(index)));
  const keys = names.filter((_, index) => sums[index] === plain(index));
  const extraMerged = extra.map((column) => (column === 'amc_hidden' ? 'TRUE' : `MIN(${column})`));
  return {
    sql: `${head} ${asTheyAre} WHERE NOT amc_hidden
      UNION ALL SELECT ${[...sums, ...extraMerged].join(', ')}, TRUE, COUNT(*) FROM ${ALL_ROWS} WHERE amc_hidden
      GROUP BY ${[...keys, 'amc_hidden'].join(', ')}`,
    added,
  };
}

const addedColumns = (options: PrivacyOptions): FilteredQuery['added'] => [
  ...(options.discriminatorColumn !== undefined ? [{ name: options.discriminatorColumn, dataType: 'BOOLEAN' as const }] : []),
  ...(options.distinctUserCountColumn !== undefined ? [{ name: options.distinctUserCountColumn, dataType: 'LONG' as const }] : []),
  ...(options.filteredReasonColumn !== undefined ? [{ name: options.filteredReasonColumn, dataType: 'STRING' as const }] : []),
];
