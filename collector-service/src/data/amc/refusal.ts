import { CollectorError, type ErrorCode, type ErrorKind } from '../../contract/error.ts';
import { jsonOf, requestIdOf, retryAfterMs, type Reply } from './reply.ts';

interface Verdict {
  readonly code: ErrorCode;
  readonly kind: ErrorKind;
  /** A sentence that says what to do. */
  readonly remedy: string;
  /** The request may have been carried out although the answer is an error. */
  readonly unknownOutcome?: boolean;
}

/**
 * Amazon's error answer as an error of ours (reference/amc.md §3.7). Error bodies are `{code, details}`, `{message, requestId}`,
 * gateway text or HTML. `details.sent` is true when Amazon may have carried the request out nonetheless.
 */
export function refusal(what: string, reply: Reply, now: number): CollectorError {
  const said = reasonOf(reply);
  const verdict = judge(reply.status, said);
  const quoted = said === '' ? '' : ` Amazon says: ${said}`;
  const wait = verdict.kind === 'throttled' || verdict.kind === 'transient' ? retryAfterMs(reply, now) : undefined;
  return new CollectorError(`${what} failed (HTTP ${reply.status}). ${verdict.remedy}${quoted}`, {
    code: verdict.code,
    kind: verdict.kind,
    status: 502,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    details: { httpStatus: reply.status, reason: said, requestId: requestIdOf(reply) ?? null, sent: verdict.unknownOutcome ?? false },
  });
}

function judge(status: number, said: string): Verdict {
  if (/endpoint request timed out/i.test(said)) {
    return {
      code: 'amc_server_error',
      kind: 'transient',
      unknownOutcome: true,
      remedy: 'Amazon’s gateway gave up waiting; the request may have gone through.',
    };
  }
  if (/unavailable for download/i.test(said)) {
    return { code: 'amc_not_ready', kind: 'transient', remedy: 'The result is not ready yet; ask again later.' };
  }
  if (/terms and conditions must be accepted/i.test(said)) {
    return {
      code: 'amc_terms_not_accepted',
      kind: 'terminal',
      remedy: 'Open the instance in the AMC console, read and accept the terms and conditions, then try again.',
    };
  }
  if (status >= 500)
    return {
      code: 'amc_server_error',
      kind: 'transient',
      unknownOutcome: true,
      remedy: 'It is a fault on Amazon’s side and is tried again.',
    };
  switch (status) {
    case 401:
      return {
        code: 'amc_bad_credentials',
        kind: 'terminal',
        remedy: 'Amazon refuses a fresh access token: check that client id and refresh token belong together.',
      };
    case 403:
      return {
        code: 'amc_forbidden',
        kind: 'terminal',
        remedy: 'The authorised Amazon user has no access: check account id, marketplace id and instance id, and the user’s rights in AMC.',
      };
    case 404:
      return { code: 'amc_not_found', kind: 'terminal', remedy: 'Check the instance id and that the thing asked for still exists.' };
    case 408:
      return {
        code: 'amc_server_error',
        kind: 'transient',
        unknownOutcome: true,
        remedy: 'Amazon waited too long for the request; it is tried again.',
      };
    case 429:
      return { code: 'amc_throttled', kind: 'throttled', remedy: 'Too many requests; it is tried again more slowly.' };
  }
  if (status >= 300 && status < 400)
    return { code: 'amc_bad_answer', kind: 'terminal', remedy: 'The server sends elsewhere; check the API URL.' };
  return { code: 'amc_rejected_request', kind: 'terminal', remedy: 'Amazon does not accept the request.' };
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
