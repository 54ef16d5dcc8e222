import type { Express, Request, Response } from 'express';
import { callerKey, includesRole, type Caller } from '../../engine/access/caller.ts';
import { CollectorError } from '../../contract/error.ts';
import type { RouteDeclaration } from '../../contract/route.ts';
import { createActionLimiter } from './action-limit.ts';
import { readBody } from './body.ts';
import type { Context, Server } from './context.ts';
import type { HttpDeps, RateLimit, RateLimits } from './deps.ts';
import { toCollectorError } from './error.ts';
import type { HandledRoute } from './handlers.ts';
import { createRateLimiter, DEFAULT_LIMITS, forWholeToken } from './rate-limit.ts';
import { remember } from './request-log.ts';
import { requestSignal, until } from './request-signal.ts';
import { HANDLED_ROUTES } from './routes.ts';
import { validate } from './validate.ts';

/** No answer may take longer; the statements behind it end sooner. */
const DEADLINE_MS = 30_000;

/** The two moments of a server's end: streams end with the first, answers under way with the second. */
export interface Life {
  readonly draining: AbortSignal;
  readonly stopping: AbortSignal;
}

type Limits = Pick<HttpDeps, 'limits' | 'bodyTimeoutMs'>;

/** Puts the routes on the app. Each request: who asks, may they, not too often, is it well-formed; then the handler. */
export function mountRoutes(app: Express, server: Server, { limits, bodyTimeoutMs }: Limits, life: Life): void {
  const { read, query, write }: RateLimits = { ...DEFAULT_LIMITS, ...limits };
  const take = { read: perCaller(read), query: perCaller(query), write: perAction(server, write) };

  for (const route of Object.values(HANDLED_ROUTES)) {
    const { method, path, role, budget, stream } = route.declaration;
    app[method](expressPath(path), async (req, res) => {
      const signal = stream ? requestSignal(res, life.draining, null) : requestSignal(res, life.stopping, DEADLINE_MS);
      const caller = await recognise(route, req, res, signal);
      if (!caller) return;
      remember(res, caller);
      if (!includesRole(caller.role, role)) throw forbidden(caller, role);
      await until(signal, take[budget](caller));
      const { workspaceId, instances, calendar } = caller;
      const scope = { workspaceId, instances, calendar, instanceIds: instances.map(({ id }) => id) };
      const context: Context = { ...server, scope, actor: caller.actor, caller, signal };
      const input = await readInput(route.declaration, req, res, { signal, bodyTimeoutMs });
      if ('handleStream' in route) return route.handleStream(context, input, { req, res });
      res.status(route.declaration.status).json(await until(signal, route.handle(context, input)));
    });
  }

  /** The caller, or null when the route could say on its own that the database is away. */
  async function recognise(route: HandledRoute, req: Request, res: Response, signal: AbortSignal): Promise<Caller | null> {
    try {
      return await until(signal, server.authenticator.authenticate(req.headers));
    } catch (error) {
      if (!('withoutDatabase' in route) || toCollectorError(error).code !== 'database_unavailable') throw error;
      res.json(route.withoutDatabase(server));
      return null;
    }
  }
}

/** Counted in this process, once for the person and once for everybody who comes with the same token. */
function perCaller(limit: RateLimit): (caller: Caller) => Promise<void> {
  const [takeOwn, takeShared] = [createRateLimiter(limit), createRateLimiter(forWholeToken(limit))];
  return async (caller) => {
    takeOwn(callerKey(caller));
    takeShared(caller.tokenId);
  };
}

/** Counted in the database, by all processes together. */
function perAction({ store: { pool } }: Server, limit: RateLimit): (caller: Caller) => Promise<void> {
  const [takeOwn, takeShared] = [createActionLimiter(pool, limit), createActionLimiter(pool, forWholeToken(limit))];
  return async (caller) => {
    await takeOwn(`caller ${callerKey(caller)}`);
    await takeShared(`token ${caller.tokenId}`);
  };
}

/** @throws CollectorError invalid_request, too_large, timed_out, unsupported_media_type */
async function readInput(
  { params, query, body }: RouteDeclaration,
  req: Request,
  res: Response,
  { signal, bodyTimeoutMs }: { signal: AbortSignal; bodyTimeoutMs: number | undefined },
): Promise<{ params: unknown; query: unknown; body: unknown }> {
  return {
    params: params && validate(params, req.params, 'path'),
    query: query && validate(query, req.query, 'query'),
    body: body && validate(body, await until(signal, readBody(req, res, bodyTimeoutMs)), 'body'),
  };
}

export const expressPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

function forbidden(caller: Caller, role: string): CollectorError {
  const why = caller.person
    ? `${caller.person} is ${caller.role} in Grafana. Ask a Grafana administrator for the role ${role}.`
    : caller.grafana
      ? `no verified Grafana user came with the request, and the token "${caller.tokenName}" alone may only act as ${caller.role}. Do it as a signed-in user in Grafana.`
      : `the workspace "${caller.workspace}" cannot verify Grafana users, and the token "${caller.tokenName}" alone may only act as ${caller.role}. Set GRAFANA_ISSUER and GRAFANA_KEYS_URL.`;
  return new CollectorError('forbidden', `This needs the role ${role}: ${why}`);
}
