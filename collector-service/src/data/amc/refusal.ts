import { CollectorError } from '../../contract/error.ts';
import type { ErrorKind } from '../../contract/errors/entry.ts';
import { ERRORS, type ErrorCode } from '../../contract/errors.ts';
import { jsonOf, requestIdOf, retryAfterMs, type Reply } from './reply.ts';

interface Verdict {
  readonly code: ErrorCode;
  /** What this answer means, or what to look at. */
  readonly advice: string;
  /** The code's own unless told. */
  readonly kind?: ErrorKind;
  /** The request may have been carried out although the answer is an error. */
  readonly unknownOutcome?: boolean;
}

/**
 * Amazon's error answer as an error of ours (reference/amc.md §3.7). Error bodies are `{code, details}`, `{message, requestId}`,
 * gateway text or HTML. `details.sent` is true when Amazon may have carried the request out nonetheless.
 */
export function refusal(what: string, reply: Reply, now: number): CollectorError {
  const said = reasonOf(reply);
  const { code, advice, kind = ERRORS[code].kind, unknownOutcome = false } = judge(reply.status, said);
  const quoted = said === '' ? '' : ` Amazon says: ${said}`;
  return new CollectorError(code, `${what} failed (HTTP ${reply.status}). ${advice}${quoted}`, {
    kind,
    retryAfterMs: kind === 'throttled' || kind === 'transient' ? retryAfterMs(reply, now) : undefined,
    details: { httpStatus: reply.status, reason: said, requestId: requestIdOf(reply) ?? null, sent: unknownOutcome },
  });
}

function judge(status: number, said: string): Verdict {
  if (/endpoint request timed out/i.test(said)) {
    return {
      code: 'amc_server_error',
      unknownOutcome: true,
      advice: 'Amazon’s gateway gave up waiting; the request may have gone through.',
    };
  }
  if (/unavailable for download/i.test(said)) {
    return { code: 'amc_not_ready', advice: 'The result is not ready yet; ask again later.' };
  }
  if (/terms and conditions must be accepted/i.test(said)) {
    return {
      code: 'amc_terms_not_accepted',
      advice: 'Open the instance in the AMC console, read and accept the terms and conditions, then try again.',
    };
  }
  if (status >= 500)
    return {
      code: 'amc_server_error',
      unknownOutcome: true,
      advice: 'It is a fault on Amazon’s side.',
    };
  switch (status) {
    case 401:
      return {
        code: 'amc_bad_credentials',
        advice: 'Amazon refuses a fresh access token: check that client id and refresh token belong together.',
      };
    case 403:
      return {
        code: 'amc_forbidden',
        advice: 'The authorised Amazon user has no access: check account id, marketplace id and instance id, and the user’s rights in AMC.',
      };
    case 404:
      return { code: 'amc_not_found', advice: 'Check the instance id and that the thing asked for still exists.' };
    case 408:
      return {
        code: 'amc_server_error',
        unknownOutcome: true,
        advice: 'Amazon waited too long for the request.',
      };
    case 429:
      return { code: 'amc_throttled', advice: 'Amazon had too many requests.' };
  }
  if (status >= 300 && status < 400)
    return { code: 'amc_bad_answer', kind: 'terminal', advice: 'The server sends elsewhere; check the API URL.' };
  return { code: 'amc_rejected_request', advice: 'Amazon does not accept the request.' };
}

/** What the answer says for a reader: one line, without markup, without tokens, at most 600 characters. */
export function reasonOf(reply: Reply): string {
  const json = jsonOf(reply);
  const text =
    typeof json === 'object' && json !== null ? firstText(json as Record<string, unknown>) : typeof json === 'string' ? json : reply.text;
  return cleaned(text);
}

const FIELDS = ['details', 'message', 'Message', 'errorMessage', 'error_description', 'statusReason', 'error'];

function firstText(body: Record<string, unknown>): string {
  for (const field of FIELDS) {
    const value = body[field];
    if (typeof value === 'string' && value.trim() !== '') return value;
    if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  }
  return '';
}

function cleaned(text: string): string {
  const plain = text
    .replace(/<(script|style|head)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]*>/g, ' ')
    // Login with Amazon's tokens are recognisable; a server that echoes one must not get it into a log.
    .replace(/Atz[a-z](?:\||%7C)[^\s"'&<>]*|\bBearer [^\s"'<>]+/gi, '[redacted]')
    // eslint-disable-next-line no-control-regex -- another machine's text goes to terminals and logs
    .replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  return plain.length > 600 ? `${plain.slice(0, 599)}…` : plain;
}
