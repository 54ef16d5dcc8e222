import type { Express, Request, Response } from 'express';
import { callerKey, includesRole, type Caller } from '../../engine/access/caller.ts';
import { CollectorError } from '../../contract/error.ts';
import { ROUTES } from '../../contract/routes.ts';
import { createActionLimiter } from './action-limit.ts';
import { readBody } from './body.ts';
import type { HttpDeps, RateLimit, RateLimits } from './deps.ts';
import { toCollectorError } from './error.ts';
import type { EventFeed } from './events/feed.ts';
import { createRateLimiter, DEFAULT_LIMITS, forWholeToken } from './rate-limit.ts';
import { remember } from './request-log.ts';
import { requestSignal, until } from './request-signal.ts';
import type { Context, JsonRoute, Route } from './route.ts';
import { validate } from './validate.ts';

/** No answer may take longer; the statements behind it end sooner. */
const DEADLINE_MS = 30_000;

/** The two moments of a server's end: streams end with the first, answers under way with the second. */
export interface Life {
  readonly draining: AbortSignal;
  readonly stopping: AbortSignal;
}

/** Puts the routes on the app. Each request: who asks, may they, not too often, is it well-formed; then the handler. */
export function mountRoutes(app: Express, routes: readonly Route[], deps: HttpDeps, feed: EventFeed, life: Life): void {
  const limits: RateLimits = { ...DEFAULT_LIMITS, ...deps.limits };
  const take = { read: perCaller(limits.read), query: perCaller(limits.query), write: perAction(deps, limits.write) };

  for (const route of routes) {
    const { method, path, role } = ROUTES[route.name];
    app[method](expressPath(path), async (req, res) => {
      const signal = route.kind === 'stream' ? requestSignal(res, life.draining, null) : requestSignal(res, life.stopping, DEADLINE_MS);
      const caller = await recognise(route, req, res, signal);
      if (!caller) return;
      remember(res, caller);
      if (!includesRole(caller.role, role)) throw forbidden(caller, role);
      await until(signal, take[route.budget](caller));
      const context: Context = {
        deps,
        feed,
        caller,
        scope: { workspaceId: caller.workspaceId, instanceIds: caller.instances.map((i) => i.id) },
        signal,
      };
      if (route.kind === 'stream') return route.handle(req, res, context);
      await answer(route, req, res, context);
    });
  }

  /** The caller, or null when the route could say on its own that the database is away. */
  async function recognise(route: Route, req: Request, res: Response, signal: AbortSignal): Promise<Caller | null> {
    try {
      return await until(signal, deps.authenticator.authenticate(req.headers));
    } catch (error) {
      if (route.kind === 'stream' || !route.withoutDatabase || toCollectorError(error).code !== 'database_unavailable') throw error;
      res.json(route.withoutDatabase(deps));
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
function perAction({ pool }: HttpDeps, limit: RateLimit): (caller: Caller) => Promise<void> {
  const [takeOwn, takeShared] = [createActionLimiter(pool, limit), createActionLimiter(pool, forWholeToken(limit))];
  return async (caller) => {
    await takeOwn(`caller ${callerKey(caller)}`);
    await takeShared(`token ${caller.tokenId}`);
  };
}

async function answer(route: JsonRoute, req: Request, res: Response, context: Context): Promise<void> {
  const params = route.params && validate(route.params, req.params, 'path');
  const query = route.query && validate(route.query, req.query, 'query');
  const body = route.body && validate(route.body, await until(context.signal, readBody(req, res, context.deps.bodyTimeoutMs)), 'body');
  const result = await until(context.signal, route.handle({ params, query, body }, context));
  res.status(route.status).json(result);
}

export const expressPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1');

function forbidden(caller: Caller, role: string): CollectorError {
  const why = caller.person
    ? `${caller.person} is ${caller.role} in Grafana. Ask a Grafana administrator for the role ${role}.`
    : caller.grafana
      ? `no verified Grafana user came with the request, and the token "${caller.tokenName}" alone may only act as ${caller.role}. Do it as a signed-in user in Grafana.`
      : `the workspace "${caller.workspace}" cannot verify Grafana users, and the token "${caller.tokenName}" alone may only act as ${caller.role}. Set GRAFANA_ISSUER and GRAFANA_KEYS_URL.`;
  return new CollectorError(`This needs the role ${role}: ${why}`, { code: 'forbidden', kind: 'terminal', status: 403 });
}
