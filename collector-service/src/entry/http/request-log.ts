import { randomUUID } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import type { Logger } from 'pino';
import type { Caller } from '../../engine/access/caller.ts';
import type { HttpMetrics } from './metrics/http-metrics.ts';

interface Locals {
  requestId: string;
  caller?: Caller;
}

const PLAIN_ID = /^[\w.-]{1,64}$/;
/** Asked all the time by machines and panels: only at debug level. */
const FREQUENT = /^\/(v1\/query|v1\/dimensions\/.*|v1\/events|livez|readyz|metrics)$/;

/** Numbers every request, writes one line when it ended and measures it. Neither headers, query strings nor bodies are written. */
export const requestLog = (logger: Logger, metrics: HttpMetrics) => (req: Request, res: Response, next: NextFunction) => {
  const offered = req.get('x-request-id') ?? '';
  const requestId = PLAIN_ID.test(offered) ? offered : randomUUID();
  localsOf(res).requestId = requestId;
  res.setHeader('X-Request-Id', requestId);
  const startedAt = performance.now();
  res.once('close', () => {
    const seconds = (performance.now() - startedAt) / 1000;
    // 499, as nginx has it: the client went away before the answer.
    const status = res.writableFinished || res.headersSent ? res.statusCode : 499;
    const route = typeof req.route?.path === 'string' ? req.route.path : 'none';
    const { caller } = localsOf(res);
    metrics.observeRequest(req.method, route, status, seconds);
    const level = status >= 500 ? 'warn' : FREQUENT.test(req.path) ? 'debug' : 'info';
    const who = caller && { workspace: caller.workspace, actor: caller.actor };
    logger[level]({ requestId, method: req.method, route, status, ms: Math.round(seconds * 1000), ...who }, 'request');
  });
  next();
};

export const requestIdOf = (res: Response): string => localsOf(res).requestId;
export const remember = (res: Response, caller: Caller): void => void (localsOf(res).caller = caller);

const localsOf = (res: Response): Locals => res.locals as Locals;
