import type { z } from 'zod';
import { invalid } from './error.ts';

/** Parses untrusted input with a route's schema. @throws CollectorError invalid_request naming the path of every mistake, prefixed with where it was */
export function validate(schema: z.ZodType, input: unknown, where: 'path' | 'query' | 'body'): unknown {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const errors = parsed.error.issues.map((issue) => ({ path: [where, ...issue.path.map(String)].join('.'), message: issue.message }));
    const shown = errors.slice(0, MAX_ERRORS);
    throw invalid(
      `The request has ${errors.length === 1 ? 'a mistake' : `${errors.length} mistakes`}: ${shown[0]!.path}: ${shown[0]!.message}`,
      { errors: shown },
    );
  }
  const nul = pathOfNul(parsed.data, where);
  if (nul !== undefined)
    throw invalid('The request has a mistake: text may not hold the character U+0000.', {
      errors: [{ path: nul, message: 'holds U+0000' }],
    });
  return parsed.data;
}

/** Mistakes listed at most: a hostile body could hold a million. */
const MAX_ERRORS = 20;

/** PostgreSQL's text cannot hold U+0000; found here it is the caller's mistake, found there it would be our error. */
function pathOfNul(value: unknown, path: string): string | undefined {
  if (typeof value === 'string') return value.includes('\0') ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, child] of Object.entries(value)) {
    const found = pathOfNul(child, `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}
