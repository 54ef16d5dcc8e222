import type { Response } from 'express';
import type { CollectorError } from '../../contract/error.ts';
import { ERRORS, type ErrorCode } from '../../contract/errors.ts';
import type { Problem } from '../../contract/problem.ts';

/** What a thrower may put into CollectorError.details for the caller. */
interface ProblemDetails {
  readonly errors?: { path: string; message: string }[];
  readonly suggestions?: string[];
}

/** Said instead of the error's own words, which may name hosts and files. */
const PUBLIC_WORDS: Partial<Record<ErrorCode, string>> = {
  database_unavailable:
    'The collector cannot reach its database now. Check that PostgreSQL runs and that DATABASE_URL is right, then try again.',
  disk_full: "The disk of the collector's database is full. Nothing was changed; free some space and try again.",
};

/** The problem a caller sees (RFC 9457). A bug's own words stay in the log; the caller gets the request id to find them. */
export function toProblem(error: CollectorError, requestId: string): Problem {
  const { errors, suggestions } = (error.details ?? {}) as ProblemDetails;
  const internal = isInternal(error);
  const { title, remedy } = ERRORS[internal ? 'internal' : error.code];
  const detail = internal
    ? `Something went wrong inside the collector. Its log has the cause under request id ${requestId}.`
    : (PUBLIC_WORDS[error.code] ?? error.message);
  return {
    type: `urn:amc-reports:${error.code}`,
    title,
    status: error.status,
    detail,
    remedy,
    code: error.code,
    ...(errors && errors.length > 0 && { errors }),
    ...(suggestions && suggestions.length > 0 && { suggestions }),
  };
}

export function sendProblem(res: Response, error: CollectorError, requestId: string): void {
  const problem = toProblem(error, requestId);
  if (problem.status === 401) res.setHeader('WWW-Authenticate', 'Bearer');
  if (error.retryAfterMs !== undefined) res.setHeader('Retry-After', String(Math.max(1, Math.ceil(error.retryAfterMs / 1000))));
  // A body that was refused unread must not be read to its end just to keep the connection.
  if (!res.req.complete) res.setHeader('Connection', 'close');
  res.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

export const isInternal = (error: CollectorError): boolean => error.code === 'internal' || error.kind === 'bug';
