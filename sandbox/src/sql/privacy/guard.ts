import type { Meaning } from '../meaning.ts';
import { SqlRejected } from '../rejection.ts';

/**
 * HIGH and VERY_HIGH columns must not meet a value that stands in the query, wherever it comes from (a constant, a
 * parameter, a VALUES list, a function of either): whoever may ask "is it this one?" finds people one by one.
 */
export function assertNoLiteral(parts: readonly Meaning[], open: boolean): void {
  if (open || !parts.some((part) => part.guarded) || !parts.some((part) => part.literal)) return;
  throw new SqlRejected('Columns with aggregation threshold HIGH or VERY_HIGH cannot be compared with literal values');
}
