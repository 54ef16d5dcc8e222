import { badRequest } from './amc-error.ts';
import { asInteger } from './body.ts';
import { first } from './query.ts';

/** Pages as Amazon cuts them: 100 at most, an opaque token for the next, none on the last. An empty token is no token. */
export function page<T>(items: readonly T[], query: Record<string, unknown>): { items: T[]; nextToken?: string } {
  const limit = asInteger(first(query.limit), 'limit', { min: 1, max: 100 }) ?? 100;
  const token = first(query.nextToken);
  const start = token === undefined ? 0 : offsetOf(token);
  const end = start + limit;
  return { items: items.slice(start, end), ...(end < items.length && { nextToken: Buffer.from(`amc:${end}`).toString('base64url') }) };
}

function offsetOf(token: string): number {
  const offset = /^amc:(\d+)$/.exec(Buffer.from(token, 'base64url').toString('latin1'))?.[1];
  if (offset === undefined) throw badRequest('Invalid nextToken.');
  return Number(offset);
}
