import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What to answer: 200 with this JSON, or exactly this. `drop` closes the connection, `hang` never answers. */
export type ScriptedAnswer =
  | { readonly json: unknown }
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string | Buffer }
  | 'drop'
  | 'hang'
  | ((request: SeenRequest, response: ServerResponse) => void);

export interface ScriptedAmc {
  readonly apiUrl: string;
  readonly tokenUrl: string;
  /** All requests but those for tokens, in order. */
  readonly requests: SeenRequest[];
  readonly tokenRequests: SeenRequest[];
  /** Answers to 'GET /path', in order; the last one stays. */
  on(route: string, ...answers: ScriptedAnswer[]): void;
  close(): Promise<void>;
}

const TOKEN_PATH = '/auth/o2/token';

/** A server that says what a test has written down, word for word: for the wire's oddities (reference/amc.md §1 to §3). */
export async function startScriptedAmc(): Promise<ScriptedAmc> {
  const script = new Map<string, ScriptedAnswer[]>();
  const requests: SeenRequest[] = [];
  const tokenRequests: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void read(request).then((seen) => {
      (seen.path === TOKEN_PATH ? tokenRequests : requests).push(seen);
      const answers = script.get(`${seen.method} ${seen.path}`);
      const answer = answers && answers.length > 1 ? answers.shift()! : answers?.[0];
      give(answer ?? (seen.path === TOKEN_PATH ? token(tokenRequests.length) : unscripted(seen)), seen, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    apiUrl,
    tokenUrl: apiUrl + TOKEN_PATH,
    requests,
    tokenRequests,
    on: (route, ...answers) => void script.set(route, answers),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const token = (number: number): ScriptedAnswer => ({
  json: { access_token: `Atza|token-${number}`, token_type: 'bearer', expires_in: 3600, refresh_token: 'Atzr|refresh' },
});
const unscripted = (seen: SeenRequest): ScriptedAnswer => ({
  status: 418,
  body: JSON.stringify({ code: '418', details: `no answer is written for ${seen.method} ${seen.path}` }),
});

async function read(request: IncomingMessage): Promise<SeenRequest> {
  const url = new URL(request.url!, 'http://localhost');
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return {
    method: request.method!,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: request.headers,
    body: Buffer.concat(chunks).toString(),
  };
}

function give(answer: ScriptedAnswer, seen: SeenRequest, response: ServerResponse): void {
  if (answer === 'hang') return;
  if (answer === 'drop') return void response.destroy();
  if (typeof answer === 'function') return answer(seen, response);
  if ('json' in answer) return void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer.json));
  response.writeHead(answer.status, answer.headers).end(answer.body);
}
