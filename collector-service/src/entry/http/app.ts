import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import { API } from '../../contract/api.ts';
import { CollectorError } from '../../contract/error.ts';
import type { Server } from './context.ts';
import type { HttpDeps } from './deps.ts';
import { toCollectorError } from './error.ts';
import type { EventFeed } from '../../ground/outbox/feed.ts';
import { createAmcProbe } from './health/amc-probe.ts';
import { createClockMetrics } from './metrics/clock-metrics.ts';
import { createCollectingMetrics } from './metrics/collecting-metrics.ts';
import { createJobMetrics } from './metrics/job-metrics.ts';
import { registerStorageMetrics } from './metrics/storage-metrics.ts';
import { createHttpMetrics } from './metrics/http-metrics.ts';
import { expressPath, mountRoutes, type Life } from './mount.ts';
import { openApiDocument } from './openapi.ts';
import { mountProbes } from './probes.ts';
import { isInternal, sendProblem, toProblem } from './problem.ts';
import { requestIdOf, requestLog } from './request-log.ts';
import { ClientGone } from './request-signal.ts';
import { securityHeaders } from './security-headers.ts';

/** The whole HTTP surface: probes, metrics, description, then everything under /v1 behind a token. */
export function createApp(deps: HttpDeps, feed: EventFeed, life: Life): Express {
  const app = express();
  app.disable('x-powered-by').disable('etag').enable('case sensitive routing').enable('strict routing').set('query parser', 'simple');
  const metrics = createHttpMetrics(deps.registry);
  app.use(requestLog(deps.logger, metrics), securityHeaders);

  mountProbes(app, deps);
  mountMetrics(app, deps);
  const description = JSON.stringify(openApiDocument(deps.version));
  app.get('/openapi.json', (_req, res) => void res.type('application/json').send(description));

  const server: Server = { ...deps, feed, metrics, probe: createAmcProbe(deps.checkConnection) };
  mountRoutes(app, server, deps, life);
  refuseOtherMethods(app);
  app.use(() => {
    throw new CollectorError('not_found', 'There is nothing at this address. /openapi.json lists what there is.');
  });
  app.use(errorHandler(deps));
  return app;
}

function mountMetrics(app: Express, { registry, store, clock }: HttpDeps): void {
  const refreshCollecting = createCollectingMetrics(registry, store.pool, clock);
  const refreshJobs = createJobMetrics(registry, store.pool);
  const refreshClocks = createClockMetrics(registry, store.pool);
  registerStorageMetrics(registry, store.pool);
  app.get('/metrics', async (_req, res) => {
    await Promise.all([refreshCollecting(), refreshJobs(), refreshClocks()]);
    res.type(registry.contentType).send(await registry.metrics());
  });
}

function refuseOtherMethods(app: Express): void {
  const open = ['/livez', '/readyz', '/metrics', '/openapi.json'].map((path) => ({ path, method: 'get' }));
  const known = [...open, ...Object.values(API)];
  for (const path of new Set(known.map((route) => route.path))) {
    const methods = known.filter((route) => route.path === path).map((route) => route.method.toUpperCase());
    const allow = [...new Set(methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method])))].join(', ');
    app.all(expressPath(path), (req, res) => {
      res.setHeader('Allow', allow);
      throw new CollectorError('method_not_allowed', `${req.method} is not possible here; use ${allow}.`);
    });
  }
}

/** The one place where errors become answers. Four parameters tell Express that this is an error handler. */
const errorHandler = (deps: HttpDeps) => (thrown: unknown, _req: Request, res: Response, _next: NextFunction) => {
  if (thrown instanceof ClientGone) return;
  const error = toCollectorError(thrown);
  const requestId = requestIdOf(res);
  const status = toProblem(error, requestId).status;
  if (isInternal(error)) deps.logger.error({ err: error.cause ?? error, requestId }, 'A request failed unexpectedly.');
  else deps.logger[status >= 500 ? 'warn' : 'debug']({ requestId, code: error.code, status }, error.message);
  // A stream that already began can only be cut; the client reconnects.
  if (res.headersSent) res.destroy();
  else sendProblem(res, error, requestId);
};
