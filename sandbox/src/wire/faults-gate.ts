import type { NextFunction, Request, Response } from 'express';
import type { SandboxContext } from '../context.ts';
import type { FaultName } from '../control/faults.ts';
import { RequestBucket } from '../control/request-bucket.ts';
import { AmcError } from './amc-error.ts';
import { answer, MEDIA } from './answer.ts';

const THROTTLED = 'Too Many Requests';
const STRIKING_REQUESTS = [
  'throttle',
  'throttle-bare',
  'throttle-html',
  'server-error',
  'dropped-connection',
  'slow',
  'token-expired',
  'forbidden',
  'refused',
  'malformed-answer',
  'empty-answer',
] as const satisfies FaultName[];
const HTML = (title: string): string =>
  `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`;

/** Faults that strike before a request is looked at. Token requests and files are struck only when a fault names their path. */
export function faultsGate(context: SandboxContext) {
  const bucket = new RequestBucket();
  return (request: Request, response: Response, next: NextFunction): void => {
    const occasion = {
      path: request.originalUrl,
      method: request.method,
      instanceId: /\/amc\/(?:reporting|instances)\/([^/?]+)/.exec(request.path)?.[1],
      workflowId:
        /\/workflows\/([^/?]+)/.exec(request.path)?.[1] ??
        (typeof request.query.workflowId === 'string' ? request.query.workflowId : undefined),
    };
    const isApi = request.path.startsWith('/amc/');
    const fault = context.faults.strikeIf((candidate) => isApi || candidate.match.path !== undefined, STRIKING_REQUESTS, occasion);
    if (!fault) {
      const { requestsPerSecond } = context.behaviour;
      const wait = isApi && requestsPerSecond !== undefined ? bucket.take(requestsPerSecond) : 0;
      if (wait === 0) return next();
      response.setHeader('Retry-After', String(wait));
      return answer(response, { code: '429', details: THROTTLED }, undefined, 429);
    }
    switch (fault.name) {
      case 'throttle':
        response.setHeader('Retry-After', String(fault.seconds ?? 1));
        return answer(response, { code: '429', details: THROTTLED }, undefined, 429);
      case 'throttle-bare':
        return answer(response, { code: '429', details: THROTTLED }, undefined, 429);
      case 'throttle-html':
        return html(response, 429, `429 ${THROTTLED}`);
      case 'server-error': {
        const status = fault.status ?? 500;
        if (status === 502) return html(response, 502, '502 Bad Gateway');
        if (status === 504) return answer(response, { message: 'Endpoint request timed out' }, undefined, 504);
        return answer(response, { code: String(status), details: 'Internal Server Error' }, undefined, status);
      }
      case 'forbidden':
        throw new AmcError(403, fault.reason ?? 'User does not have access to this resource.');
      case 'refused':
        throw new AmcError(fault.status ?? 400, fault.reason ?? 'Invalid request.');
      case 'malformed-answer':
        return whole(response, '{"executions":[{"workflowExecutionId":"');
      case 'empty-answer':
        return whole(response, '');
      case 'dropped-connection':
        return void request.socket.destroy();
      case 'slow':
        return void setTimeout(next, (fault.seconds ?? 5) * 1000);
      default:
        throw new AmcError(
          context.behaviour.expiredTokenStatus,
          'Not authorized to access this resource. The access token is invalid or expired.',
        );
    }
  };
}

function whole(response: Response, text: string): void {
  response.status(200).setHeader('Content-Type', MEDIA.json);
  response.end(text);
}

function html(response: Response, status: number, title: string): void {
  response.status(status).setHeader('Content-Type', 'text/html');
  response.end(HTML(title));
}
