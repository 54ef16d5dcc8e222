import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileOf, seeded, weekLines } from '../rows.ts';

/** An execution as the scripted Amazon remembers it; times in real milliseconds of performance.now(). */
export interface SoldExecution {
  id: string;
  workflowId: string;
  createdAt: number;
  /** How long it computes, in milliseconds of Amazon's time. */
  durationMs: number;
  /** When its result was first asked for. */
  fetchedAt?: number;
}

export interface ScriptedAmc {
  url: string;
  /** Paid ones, in the order they were created. */
  sold: readonly SoldExecution[];
  close(): Promise<void>;
}

type Window = Record<'timeWindowStart' | 'timeWindowEnd' | 'timeWindowTimeZone', string>;

const ROWS_PER_RESULT = 100;
/** Waiting and computing of a usual query at Amazon is just under three minutes (reference: executions); some take four times as long. */
const USUAL_MS = 165_000;

/**
 * As much of Amazon's API as a backfill calls, with durations that are known beforehand, so that an ideal executor can be computed.
 * Nothing is computed here: the machine's time goes to the collector.
 */
export async function startScriptedAmc(timeFactor: number): Promise<ScriptedAmc> {
  const sold: SoldExecution[] = [];
  const views = new Map<string, { execution: SoldExecution; window: Window }>();
  const random = seeded(7);
  let url = '';

  const view = ({ execution, window }: { execution: SoldExecution; window: Window }): object => ({
    workflowExecutionId: execution.id,
    workflowId: execution.workflowId,
    status: isOver(execution) ? 'SUCCEEDED' : 'RUNNING',
    createTime: new Date(performance.timeOrigin + execution.createdAt).toISOString(),
    timeWindowStartOriginal: window.timeWindowStart,
    timeWindowEndOriginal: window.timeWindowEnd,
    timeWindowTimeZoneOriginal: window.timeWindowTimeZone,
  });
  const isOver = (execution: SoldExecution): boolean => performance.now() >= execution.createdAt + execution.durationMs / timeFactor;

  function create(body: { workflowId: string; dryRun?: boolean } & Window): object {
    const execution: SoldExecution = {
      id: `execution-${views.size + 1}`,
      workflowId: body.workflowId,
      createdAt: performance.now(),
      durationMs: body.dryRun ? 0 : USUAL_MS * 4 ** (random() * 1.5 - 0.5),
    };
    const known = { execution, window: body };
    views.set(execution.id, known);
    if (!body.dryRun) sold.push(execution);
    return { workflowExecution: view(known) };
  }

  async function answer(request: IncomingMessage): Promise<object | string> {
    const { pathname } = new URL(request.url!, 'http://amc');
    const [resource, id, part] = pathname.replace(/^\/amc\/reporting\/[^/]+\//, '').split('/');
    if (pathname === '/token') return { access_token: 'token', expires_in: 3600 };
    if (resource === 'workflows') return {};
    if (pathname.startsWith('/result/')) return [...fileOf(weekLines(pathname.split('/')[2]!, ROWS_PER_RESULT))].join('');
    if (id === undefined && request.method === 'POST') return create(JSON.parse(await bodyOf(request)) as Parameters<typeof create>[0]);
    if (id === undefined) return { executions: [...views.values()].reverse().map(view) };
    const known = views.get(id)!;
    if (part !== 'downloadUrls') return { workflowExecution: view(known) };
    known.execution.fetchedAt ??= performance.now();
    return { downloadUrls: [`${url}/result/${known.window.timeWindowStart.slice(0, 10)}`] };
  }

  const server = createServer((request, response) => {
    answer(request).then(
      (body) => send(response, 200, body),
      (error: unknown) => send(response, 500, { message: String(error) }),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, sold, close: () => new Promise((resolve) => void server.close(() => resolve())) };
}

function send(response: ServerResponse, status: number, body: object | string): void {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  response
    .writeHead(status, { 'content-type': typeof body === 'string' ? 'text/csv' : 'application/json', 'content-length': bytes.length })
    .end(bytes);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const piece of request) text += String(piece);
  return text;
}
