import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CollectorError } from '../../contract/error.ts';
import { createApp } from './app.ts';
import { createEventFeed } from '../../ground/outbox/feed.ts';
import type { HttpDeps } from './deps.ts';
import { describer } from './events/describe.ts';

export interface HttpServer {
  /** Starts to answer. Port 0 takes any free one. @throws CollectorError config_invalid when the address cannot be had */
  listen(): Promise<{ readonly url: string; readonly port: number }>;
  /** Takes no new connection, ends event streams, lets answers under way finish for a moment, then cuts what is left. */
  close(): Promise<void>;
}

/** How long answers under way may take to finish when the server stops. */
const GRACE_MS = 3_000;
const SWEEP_MS = 100;

/** The HTTP API over the given parts. */
export function createHttpServer(deps: HttpDeps): HttpServer {
  const draining = new AbortController();
  const stopping = new AbortController();
  const { store, logger, eventTiming } = deps;
  const feed = createEventFeed(
    { pool: store.pool, sessions: store.sessions, logger, ...describer(deps), ...(eventTiming && { timing: eventTiming }) },
    draining.signal,
  );
  const server = createServer(createApp(deps, feed, { draining: draining.signal, stopping: stopping.signal }));
  server.headersTimeout = 10_000;
  server.requestTimeout = 30_000;
  // Longer than the 90 s that Go's client keeps idle connections, so that it never writes to one we are closing.
  server.keepAliveTimeout = 95_000;

  return {
    listen: () => listen(server, deps.listen),
    async close() {
      draining.abort();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // close() only ends the connections that are idle at this moment.
      const sweep = setInterval(() => server.closeIdleConnections(), SWEEP_MS);
      const cut = setTimeout(() => {
        stopping.abort(new CollectorError('shutting_down', 'The collector is stopping. Try again in a moment.', { retryAfterMs: 5_000 }));
        setTimeout(() => server.closeAllConnections(), SWEEP_MS);
      }, GRACE_MS);
      await closed;
      clearInterval(sweep);
      clearTimeout(cut);
      await feed.ended();
    },
  };
}

function listen(server: Server, { host, port }: HttpDeps['listen']): Promise<{ url: string; port: number }> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(cannotListen(error, host, port)));
    server.listen(port, host, () => {
      const { port: taken } = server.address() as AddressInfo;
      resolve({ url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`, port: taken });
    });
  });
}

function cannotListen(error: NodeJS.ErrnoException, host: string, port: number): CollectorError {
  const reasons: Record<string, string> = {
    EADDRINUSE: `Port ${port} on ${host} is taken, perhaps by another collector. Stop what uses it, or set PORT to a free one.`,
    EACCES: `Port ${port} may not be opened by this user. Set PORT to one above 1023.`,
    EADDRNOTAVAIL: `The address ${host} is not one of this machine. Set HOST to 127.0.0.1, or to 0.0.0.0 to be reached from outside.`,
    ENOTFOUND: `The host name ${host} is not known. Set HOST to an address of this machine.`,
  };
  const message = reasons[error.code ?? ''] ?? `The HTTP server cannot listen on ${host}:${port}: ${error.message}. Check HOST and PORT.`;
  return new CollectorError('config_invalid', message, { details: { host, port }, cause: error });
}
