import type { Call } from '../define.ts';
import { places } from '../define.ts';

/** COUNT over nothing, one value, or several of which all must be known. */
export function countOf(call: Call): string {
  const values = places(call);
  if (values.length === 0) return 'count(*)';
  if (values.length === 1) return 'count($1)';
  return `count(CASE WHEN ${values.map((value) => `${value} IS NOT NULL`).join(' AND ')} THEN jsonb_build_array(${values.join(', ')}) END)`;
}
