import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ProxiedRequest {
  readonly method: string;
  /** With its query string. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: string;
}
export interface ProxiedAnswer {
  readonly status: number;
  readonly body: string;
}

export interface HttpProxy {
  readonly url: string;
  /** What passed, in order. */
  readonly seen: { readonly request: ProxiedRequest; readonly answer: ProxiedAnswer }[];
  /** Changes answers on their way back; the truth when undefined. */
  rewrite: ((request: ProxiedRequest, answer: ProxiedAnswer) => ProxiedAnswer) | undefined;
  close(): Promise<void>;
}

/** A proxy in front of an HTTP API, for answers that the API itself would never give. Texts only. */
export async function startHttpProxy(target: string): Promise<HttpProxy> {
  const server = createServer((req, res) => {
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      const { host: _host, connection: _connection, ...headers } = req.headers as Record<string, string>;
      const request = { method: req.method!, path: req.url!, headers, body: Buffer.concat(chunks).toString() };
      forward(target, request).then(
        ({ answer: truth, type }) => {
          const answer = proxy.rewrite?.(request, truth) ?? truth;
          proxy.seen.push({ request, answer });
          res.writeHead(answer.status, { 'content-type': type }).end(answer.body);
        },
        () => res.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: HttpProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen: [],
    rewrite: undefined,
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  };
  return proxy;
}

async function forward(target: string, { method, path, headers, body }: ProxiedRequest): Promise<{ answer: ProxiedAnswer; type: string }> {
  const { 'content-length': _length, 'transfer-encoding': _encoding, 'accept-encoding': _accept, ...rest } = headers;
  const response = await fetch(target + path, { method, headers: rest, ...(body !== '' && { body }), redirect: 'manual' });
  return { answer: { status: response.status, body: await response.text() }, type: response.headers.get('content-type') ?? '' };
}
