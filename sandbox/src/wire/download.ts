import { createHmac } from 'node:crypto';
import type { Request, Response } from 'express';
import type { SandboxContext } from '../context.ts';
import { csvFormat } from '../execution/csv.ts';
import { readResultFile } from '../execution/execution-store.ts';
import type { Execution } from '../execution/record.ts';
import { amazonJson } from './answer.ts';
import { executionView } from './execution-view.ts';
import { first } from './query.ts';
import { reshape, SHAPE_FAULTS } from './reshape.ts';
import { isSameSecret } from './same-secret.ts';

const sign = (context: SandboxContext, path: string, date: string, expires: string): string =>
  createHmac('sha256', context.urlKey).update([path, date, expires].join('\n')).digest('hex');

/** A URL that is its own permission for ten minutes, in the manner of S3 (reference/amc.md §3.5). */
export function signedUrl(context: SandboxContext, origin: string, execution: Execution, file: string): string {
  const path = `/results/${execution.instanceId}/${execution.id}/${file}.csv`;
  const date = context.clock
    .now()
    .toISOString()
    .replace(/[-:]|\.\d+/g, '');
  const expires = String(context.behaviour.urlSeconds);
  const url = new URL(path, origin);
  url.searchParams.set('X-Amz-Algorithm', 'AWS4-HMAC-SHA256');
  url.searchParams.set('X-Amz-Date', date);
  url.searchParams.set('X-Amz-Expires', expires);
  url.searchParams.set('X-Amz-SignedHeaders', 'host');
  url.searchParams.set('X-Amz-Signature', sign(context, path, date, expires));
  return url.href;
}

function refuse(response: Response, code: string, message: string): void {
  response.status(403).setHeader('Content-Type', 'application/xml');
  response.end(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`);
}

/** GET a signed file: no token needed, S3's XML when the signature is wrong or old. */
export async function downloadRoute(context: SandboxContext, request: Request, response: Response): Promise<void> {
  const [date, expires, signature] = ['X-Amz-Date', 'X-Amz-Expires', 'X-Amz-Signature'].map((name) => first(request.query[name]) ?? '');
  if (!isSameSecret(signature ?? '', sign(context, request.path, date ?? '', expires ?? ''))) {
    return refuse(response, 'SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided.');
  }
  const id = String(request.params.executionId);
  const execution = context.queue.executions.get(id);
  const occasion = {
    path: request.path,
    method: 'GET',
    workflowId: execution?.workflow.workflowId,
    instanceId: execution?.instanceId,
    windowStart: execution?.window.startOriginal,
  };
  const signedAt = Date.parse((date ?? '').replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  const isOld = !(context.clock.now().getTime() <= signedAt + Number(expires) * 1000);
  if (isOld || context.faults.strike(['url-expired'], occasion)) return refuse(response, 'AccessDenied', 'Request has expired');
  const [, kind, number] = /^(part|metadata)-(\d+)\.csv$/.exec(String(request.params.file)) ?? [];
  const body =
    !execution || !kind
      ? undefined
      : kind === 'metadata'
        ? metadata(execution)
        : await readResultFile(context.database.owner, id, Number(number));
  if (body === undefined) return refuse(response, 'NoSuchKey', 'The specified key does not exist.');
  context.statistics.downloads++;
  const shape = execution && kind === 'part' && context.faults.strike(SHAPE_FAULTS, occasion);
  const file = shape ? reshape(shape, body, csvFormat(execution.workflow.outputFormat, context.behaviour)) : body;
  send(context, request, response, file, occasion);
}

/** Amazon publishes the query beside its result. */
const metadata = (execution: Execution): string => `${amazonJson(executionView(execution, { includeWorkflow: true }))}\n`;

function send(
  context: SandboxContext,
  request: Request,
  response: Response,
  body: string,
  occasion: Parameters<SandboxContext['faults']['strike']>[1],
): void {
  const whole = Buffer.from(body, 'utf8');
  const fault = context.faults.strike(['file-truncated', 'file-truncated-at-row'], occasion);
  response.setHeader('Content-Type', 'binary/octet-stream');
  response.setHeader('Accept-Ranges', 'bytes');
  if (!fault) {
    response.setHeader('Content-Length', whole.length);
    return void response.end(whole);
  }
  const half = fault.name === 'file-truncated' ? Math.max(1, Math.floor(whole.length / 2)) : rowBoundary(whole);
  const sent = whole.subarray(0, half);
  const silent = fault.name === 'file-truncated-at-row' || fault.silent === true;
  response.setHeader('Content-Length', silent ? sent.length : whole.length);
  if (silent) return void response.end(sent);
  response.write(sent, () => setTimeout(() => request.socket.destroy(), 20));
}

/** The end of a row half-way through; a file of one row loses it. Line ends inside quotes are not rows' ends. */
function rowBoundary(file: Buffer): number {
  const text = file.toString('utf8');
  const ends: number[] = [];
  let quoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') quoted = !quoted;
    else if (text[at] === '\n' && !quoted) ends.push(at + 1);
  }
  return Buffer.byteLength(text.slice(0, ends[Math.floor((ends.length - 1) / 2)] ?? 0));
}
