import type { NextFunction, Request, Response } from 'express';
import { badRequest } from './amc-error.ts';

/** What PostgreSQL keeps as text and within jsonb: well-formed Unicode without NUL. */
const ILLEGIBLE = /[\0\p{Surrogate}]/u;
/** Far more than any workflow has, far less than a stack or jsonb bears. */
const MAX_DEPTH = 20;

/**
 * Lets a parsed body pass only if all of it, names included, can be kept.
 * @throws AmcError 400
 */
export function assertLegible(value: unknown, depth = 0): void {
  if (typeof value === 'string' && ILLEGIBLE.test(value))
    throw badRequest('Request body holds a NUL character or text that is not well-formed Unicode.');
  if (value === null || typeof value !== 'object') return;
  if (depth === MAX_DEPTH) throw badRequest('Request body is nested too deeply.');
  for (const [name, child] of Object.entries(value)) {
    assertLegible(name);
    assertLegible(child, depth + 1);
  }
}

/** The same for what a URL spells, path and query; percent signs that spell nothing end here as well. @throws AmcError 400 */
export function legibleUrl(request: Request, _response: Response, next: NextFunction): void {
  if (ILLEGIBLE.test(decoded(request.originalUrl))) throw badRequest('Request URL holds a NUL character.');
  next();
}

function decoded(url: string): string {
  try {
    return decodeURIComponent(url);
  } catch {
    throw badRequest('Request URL is not well encoded.');
  }
}
