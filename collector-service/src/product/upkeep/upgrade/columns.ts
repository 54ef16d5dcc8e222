import type { Column, Dataset } from '../../../data/catalogue/dataset.ts';
import { headersOf, isInFile } from '../../../data/catalogue/column-headers.ts';

/** What names a row: without one of these several rows of an old file would become one, and which numbers it should hold is not known. */
const KEY_ROLES = new Set<Column['role']>(['key', 'day', 'dimension', 'currency', 'filtered', 'level']);

const sameName = (left: string, right: string): boolean => left.toLowerCase() === right.trim().toLowerCase();

const isCalled = (column: Column, name: string): boolean => headersOf(column).some((each) => sameName(each, name));

/** Columns of the new version that a stored file does not have: only Amazon can give them. */
export const missingColumns = (to: Dataset, header: readonly string[]): string[] =>
  to.columns.filter((column) => isInFile(column) && !header.some((each) => isCalled(column, each))).map(({ name }) => name);

/** Columns of a stored file that the old version knew and the new one gave up. Ones that neither knows are kept as extra. */
export const surplusColumns = (from: Dataset, to: Dataset, header: readonly string[]): string[] =>
  header.filter((each) => from.columns.some((column) => isCalled(column, each)) && !to.columns.some((column) => isCalled(column, each)));

/**
 * Why no stored file can give the new version, whatever is in it: a column fewer in the key, or, unless a person says that it makes no
 * difference, another query. Null when files may.
 */
export function whyUnfillable(from: Dataset, to: Dataset, trustFiles: boolean): string | null {
  const dropped = from.columns.filter(({ name, role }) => KEY_ROLES.has(role) && !to.columns.some((each) => sameName(each.name, name)));
  if (dropped.length > 0)
    return `Version ${to.version} of '${to.dataset}' has no column ${dropped.map(({ name }) => name).join(', ')}, by which the rows of version ${from.version} are told apart; adding them up is Amazon's work.`;
  if (!trustFiles && JSON.stringify(from.sql) !== JSON.stringify(to.sql))
    return `The SQL of '${to.dataset}' differs between version ${from.version} and ${to.version}, and the stored files were made by the old SQL. If their rows mean the same under the new one (say, only a column was left out), repeat the command with --trust-files.`;
  return null;
}
