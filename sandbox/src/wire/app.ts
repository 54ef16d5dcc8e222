import express, { type Express, type NextFunction, type Request, type Response } from 'express';
import type { SandboxContext } from '../context.ts';
import { controlRoutes } from '../control/routes.ts';
import { administrationRoutes } from './administration-routes.ts';
import { AmcError } from './amc-error.ts';
import { answer, requestId } from './answer.ts';
import { authorise } from './authorise.ts';
import { dataSourceRoutes } from './data-source-routes.ts';
import { downloadRoute } from './download.ts';
import { executionRoutes } from './execution-routes.ts';
import { faultsGate } from './faults-gate.ts';
import { legibleUrl } from './legible.ts';
import { scheduleRoutes } from './schedule-routes.ts';
import { tokenRoute } from './token-route.ts';
import { workflowRoutes } from './workflow-routes.ts';

/** All routes. Paths with a slash at the end work too: published clients send them. */
export function sandboxApp(context: SandboxContext): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use('/sandbox', legibleUrl, controlRoutes(context));
  app.use((request, response, next) => {
    amazonHeaders(response);
    response.on('finish', () => context.statistics.count(request.method, request.originalUrl.replace(/\?.*$/, ''), response.statusCode));
    next();
  });
  app.use(legibleUrl);
  app.use(faultsGate(context));
  app.post('/auth/o2/token', (request, response) => tokenRoute(context, request, response));
  app.get('/results/:instanceId/:executionId/:file', (request, response) => downloadRoute(context, request, response));
  app.use('/amc', (request: Request, _response: Response, next: NextFunction) => {
    authorise(context, request);
    next();
  });
  app.use('/amc', administrationRoutes());
  app.use('/amc/reporting/:instanceId/dataSources', dataSourceRoutes());
  app.use('/amc/reporting/:instanceId/workflows', workflowRoutes(context));
  app.use('/amc/reporting/:instanceId/workflowExecutions', executionRoutes(context));
  app.use('/amc/reporting/:instanceId/schedules', scheduleRoutes(context));
  app.use(() => {
    throw new AmcError(404, 'Not Found');
  });
  app.use((error: unknown, request: Request, response: Response, next: NextFunction) =>
    answerError(context, error, request, response, next),
  );
  return app;
}

function amazonHeaders(response: Response): void {
  const id = requestId();
  response.setHeader('Server', 'Server');
  response.setHeader('x-amz-rid', id);
  response.setHeader('x-amz-request-id', id);
  response.setHeader('Vary', 'Content-Type,Accept-Encoding,User-Agent');
  response.setHeader('Strict-Transport-Security', 'max-age=47474747; includeSubDomains; preload');
}

/** Express recognises an error handler by its four parameters. */
function answerError(context: SandboxContext, error: unknown, request: Request, response: Response, next: NextFunction): void {
  if (response.headersSent || request.socket.destroyed) return next(error);
  const known = error instanceof AmcError ? error : undefined;
  if (!known) context.logger.error({ err: error, path: request.path }, 'Sandbox request failed');
  const status = known?.status ?? 500;
  const details = known?.message ?? 'Internal Server Error';
  answer(response, errorBody(request, response, status, details), undefined, status);
}

/** The accounts endpoint and Login with Amazon tell their errors in shapes of their own (reference/amc.md §1.1, §2). */
function errorBody({ originalUrl }: Request, response: Response, status: number, details: string): object {
  if (originalUrl.startsWith('/amc/accounts')) return { message: details, requestId: String(response.getHeader('x-amz-request-id')) };
  if (originalUrl.startsWith('/auth/o2/token')) return { error: 'invalid_request', error_description: details };
  return { code: String(status), details };
}
