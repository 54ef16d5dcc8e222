import type { Meaning } from '../meaning.ts';
import { SandboxLacks, SqlRejected } from '../rejection.ts';

/**
 * HIGH and VERY_HIGH columns are compared with each other alone. A value that stands in the query, wherever it comes from (a
 * constant, a parameter, a VALUES list, a rank, a function of any), would find people one by one, and so would one that
 * another column was made to hold.
 */
export function assertComparable(parts: readonly Meaning[], open: boolean): void {
  const told = parts.filter((part) => part.type !== 'NULL');
  if (open || !told.some((part) => part.guarded) || told.every((part) => part.guarded && !part.literal)) return;
  throw new SqlRejected('Columns with aggregation threshold HIGH or VERY_HIGH cannot be compared with literal values');
}

/**
 * The same for what looks into a value or puts another in its place: counting, grouping or a test for NULL would make an
 * oracle of it. Amazon may be less strict, so this is said in the sandbox's voice.
 */
export function assertApart(parts: readonly Meaning[], what: string, open: boolean): void {
  if (open || !parts.some((part) => part.guarded) || !parts.some((part) => part.literal)) return;
  throw new SandboxLacks(`${what} of a literal and a column with aggregation threshold HIGH or VERY_HIGH`);
}
