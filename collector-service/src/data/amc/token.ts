import type { Logger } from 'pino';
import { request, type Dispatcher } from 'undici';
import { z } from 'zod';
import { CollectorError } from '../../contract/error.ts';
import { connectionFailure } from './connection-failure.ts';
import { refusal } from './refusal.ts';
import { jsonOf, readReply, type Reply } from './reply.ts';
import { raced } from './raced.ts';

export interface AccessToken {
  readonly value: string;
  /** Milliseconds since 1970, by this machine's clock. */
  readonly fetchedAt: number;
}

export interface TokenSource {
  /** A token that is good for at least a minute. One refresh serves all callers that wait. */
  get(signal: AbortSignal): Promise<AccessToken>;
  /** Amazon refused this token: the next get() fetches another, unless that has happened already. */
  invalidate(token: AccessToken): void;
}

export interface TokenOptions {
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  readonly dispatcher: Dispatcher;
  readonly logger: Logger;
  readonly timeoutMs: number;
  readonly now: () => number;
}

const answerSchema = z.object({ access_token: z.string().min(1), expires_in: z.coerce.number().positive().catch(3600) });
/** Refreshed this long before it ends; half of a life that is shorter than two minutes. */
const SKEW_MS = 60_000;

/** Access tokens from a refresh token (reference/amc.md §1.1). The refresh token stays the same until it is revoked. */
export function createTokenSource(options: TokenOptions): TokenSource {
  let current: { token: AccessToken; usableUntil: number } | undefined;
  let inFlight: Promise<AccessToken> | undefined;

  const refresh = async (): Promise<AccessToken> => {
    const { access_token: value, expires_in: seconds } = await fetchToken(options);
    const fetchedAt = options.now();
    const lifeMs = seconds * 1000;
    const token = { value, fetchedAt };
    current = { token, usableUntil: fetchedAt + lifeMs - Math.min(SKEW_MS, lifeMs / 2) };
    return token;
  };

  return {
    async get(signal) {
      signal.throwIfAborted();
      if (current !== undefined && options.now() < current.usableUntil) return current.token;
      // The refresh has its own deadline: a caller that gives up must not take it from the others.
      inFlight ??= refresh().finally(() => (inFlight = undefined));
      return raced(inFlight, signal);
    },
    invalidate(token) {
      if (current?.token === token) current = undefined;
    },
  };
}

async function fetchToken(options: TokenOptions): Promise<z.output<typeof answerSchema>> {
  const what = 'Getting an access token from Login with Amazon';
  const url = new URL(options.tokenUrl);
  const started = performance.now();
  let reply: Reply;
  try {
    const response = await request(url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'refresh_token',
        refresh_token: options.refreshToken,
        client_id: options.clientId,
        client_secret: options.clientSecret,
      }).toString(),
      dispatcher: options.dispatcher,
      signal: AbortSignal.timeout(options.timeoutMs),
    });
    reply = await readReply(response);
  } catch (error) {
    throw beforeSending(connectionFailure(what, url.host, error));
  }
  options.logger.debug(
    { method: 'POST', path: url.pathname, status: reply.status, ms: Math.round(performance.now() - started) },
    'token request',
  );
  if (reply.status !== 200) throw tokenRefusal(what, reply, options.now());
  const parsed = answerSchema.safeParse(jsonOf(reply));
  if (!parsed.success) throw beforeSending(badAnswer(what));
  return parsed.data;
}

function tokenRefusal(what: string, reply: Reply, now: number): CollectorError {
  // Only the OAuth error word is quoted: a proxy's error page may echo the request, and with it the secrets.
  const said = (jsonOf(reply) as { error?: unknown } | undefined)?.error;
  const reason = typeof said === 'string' && /^[a-z_]{1,40}$/.test(said) ? said : '';
  const terminal = (code: 'amc_grant_revoked' | 'amc_bad_credentials', message: string) =>
    new CollectorError(code, message, { details: { httpStatus: reply.status, reason, sent: false } });
  if (reason === 'invalid_grant') {
    return terminal(
      'amc_grant_revoked',
      'Amazon no longer accepts the refresh token: the user revoked the authorisation or it belongs to another client. Authorise again and set the new AMC_REFRESH_TOKEN.',
    );
  }
  if (reply.status === 401 || reason === 'invalid_client' || reason === 'unauthorized_client') {
    return terminal(
      'amc_bad_credentials',
      'Login with Amazon refuses the client id or client secret. Copy both again from the security profile of your Amazon application.',
    );
  }
  return beforeSending(refusal(what, { ...reply, text: reason }, now));
}

/** Whatever happened to the token request, the request that needed the token has not been sent. */
function beforeSending(error: CollectorError): CollectorError {
  return new CollectorError(error.code, error.message, {
    kind: error.kind,
    status: error.status,
    retryAfterMs: error.retryAfterMs,
    details: { ...error.details, sent: false },
    cause: error,
  });
}

const badAnswer = (what: string) => new CollectorError('amc_bad_answer', `${what} gave an answer without a token; check the token URL.`);
