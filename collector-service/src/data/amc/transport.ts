import type { Logger } from 'pino';
import { request, type Dispatcher } from 'undici';
import type { z } from 'zod';
import { CollectorError } from '../../contract/error.ts';
import { connectionFailure } from './connection-failure.ts';
import type { RequestLimiter } from './limiter.ts';
import { refusal } from './refusal.ts';
import { jsonOf, readReply, requestIdOf, retryAfterMs, type Reply } from './reply.ts';
import type { AccessToken, TokenSource } from './token.ts';

/** The AMC account in whose name a request is made; Amazon wants both in headers (reference/amc.md §1.2). */
export interface AmcAccountRef {
  readonly accountId: string;
  readonly marketplaceId: string;
}
/** An AMC instance and the account it belongs to. */
export interface AmcInstanceRef extends AmcAccountRef {
  readonly instanceId: string;
}

export interface AmcRequest<T> {
  /** For error messages: 'Creating an execution'. */
  readonly what: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: unknown;
  readonly account?: AmcAccountRef;
  /** Name of the property that may wrap the answer: captured answers are bare, the specification wraps them (reference/amc.md §3). */
  readonly unwrap?: string;
  readonly answer: z.ZodType<T>;
}

export interface Transport {
  /**
   * Sends a request with token and headers; tries once more with a fresh token when Amazon refuses it. Nothing else is retried here.
   * @throws CollectorError with details.sent: whether Amazon may have acted on the request although no good answer came;
   *   the signal's reason when the caller gave up
   */
  send<T>(amcRequest: AmcRequest<T>, signal: AbortSignal): Promise<T>;
}

export interface TransportOptions {
  readonly apiUrl: string;
  readonly clientId: string;
  readonly tokens: TokenSource;
  readonly limiter: RequestLimiter;
  readonly dispatcher: Dispatcher;
  readonly logger: Logger;
  /** For one request, its answer included, once the limiter let it go. */
  readonly timeoutMs: number;
  readonly now: () => number;
}

/** How long a request may queue at the limiter before its caller is told to come back. */
const LIMITER_TIMEOUT_MS = 60_000;

export function createTransport(options: TransportOptions): Transport {
  return {
    async send(amcRequest, signal) {
      const startedAt = options.now();
      const token = await options.tokens.get(signal);
      const first = await exchange(options, amcRequest, token, signal);
      if (!mayBeTheToken(first, token, startedAt)) return conclude(options, amcRequest, first);
      options.tokens.invalidate(token);
      const fresh = await options.tokens.get(signal);
      return conclude(options, amcRequest, await exchange(options, amcRequest, fresh, signal));
    },
  };
}

/** Amazon answers a token that ended with 401, at times with 403 (reference/amc.md §1.1). One that was fetched for this request has not. */
const mayBeTheToken = (reply: Reply, token: AccessToken, startedAt: number): boolean =>
  reply.status === 401 || (reply.status === 403 && token.fetchedAt < startedAt);

/** One request and its answer, whatever its status. */
async function exchange(
  options: TransportOptions,
  amcRequest: AmcRequest<unknown>,
  token: AccessToken,
  signal: AbortSignal,
): Promise<Reply> {
  await admitted(options.limiter, amcRequest.what, signal);
  const url = new URL(options.apiUrl.replace(/\/+$/, '') + amcRequest.path);
  for (const [name, value] of Object.entries(amcRequest.query ?? {})) if (value !== undefined) url.searchParams.set(name, value);
  const started = performance.now();
  const log = { method: amcRequest.method, path: url.pathname };
  let reply: Reply;
  try {
    const response = await request(url, {
      method: amcRequest.method,
      headers: headers(options.clientId, token, amcRequest),
      body: amcRequest.body === undefined ? null : JSON.stringify(amcRequest.body),
      dispatcher: options.dispatcher,
      signal: AbortSignal.any([signal, AbortSignal.timeout(options.timeoutMs)]),
    });
    reply = await readReply(response);
  } catch (error) {
    signal.throwIfAborted();
    const failure = connectionFailure(amcRequest.what, url.host, error);
    options.logger.info(
      { ...log, ms: Math.round(performance.now() - started), reason: failure.details?.reason },
      'AMC request without an answer',
    );
    throw failure;
  }
  const line = { ...log, status: reply.status, ms: Math.round(performance.now() - started), requestId: requestIdOf(reply) };
  if (reply.status < 300) options.logger.debug(line, 'AMC request');
  else options.logger.info(line, 'AMC request');
  if (reply.status === 429) await options.limiter.throttled(retryAfterMs(reply, options.now()));
  return reply;
}

async function admitted(limiter: RequestLimiter, what: string, signal: AbortSignal): Promise<void> {
  const deadline = AbortSignal.timeout(LIMITER_TIMEOUT_MS);
  try {
    await limiter.acquire(AbortSignal.any([signal, deadline]));
  } catch (error) {
    signal.throwIfAborted();
    if (!deadline.aborted) throw error;
    throw new CollectorError('amc_throttled', `${what} waited a minute for its turn among other requests.`, {
      details: { sent: false },
    });
  }
}

function headers(clientId: string, token: AccessToken, amcRequest: AmcRequest<unknown>): Record<string, string> {
  const all: Record<string, string> = {
    authorization: `Bearer ${token.value}`,
    'Amazon-Advertising-API-ClientId': clientId,
    accept: 'application/json',
    'user-agent': 'amc-reports-for-grafana',
  };
  if (amcRequest.body !== undefined) all['content-type'] = 'application/json';
  if (amcRequest.account !== undefined) {
    all['Amazon-Advertising-API-AdvertiserId'] = amcRequest.account.accountId;
    all['Amazon-Advertising-API-MarketplaceId'] = amcRequest.account.marketplaceId;
  }
  return all;
}

/** The answer's data, or the error it stands for. */
function conclude<T>(options: TransportOptions, amcRequest: AmcRequest<T>, reply: Reply): T {
  if (reply.status < 200 || reply.status >= 300) throw refusal(amcRequest.what, reply, options.now());
  const json = jsonOf(reply);
  const parsed = amcRequest.answer.safeParse(unwrapped(json, amcRequest.unwrap));
  if (parsed.success) return parsed.data;
  const where =
    json === undefined
      ? 'it is no JSON'
      : parsed.error.issues
          .slice(0, 3)
          .map((issue) => `${issue.path.join('.') || 'the body'}: ${issue.message}`)
          .join('; ');
  throw new CollectorError(
    'amc_bad_answer',
    `${amcRequest.what} gave an answer that cannot be understood (${where}). Check that the API URL is Amazon’s.`,
    {
      kind: json === undefined ? 'transient' : 'terminal',
      details: { httpStatus: reply.status, requestId: requestIdOf(reply) ?? null, sent: true },
    },
  );
}

function unwrapped(json: unknown, property: string | undefined): unknown {
  if (property === undefined || typeof json !== 'object' || json === null) return json;
  return (json as Record<string, unknown>)[property] ?? json;
}
