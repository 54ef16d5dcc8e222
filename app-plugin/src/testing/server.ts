import type { Api, Event, Problem } from '@amc-reports/collector-service/contract';
import { http, HttpResponse, type HttpResponseResolver, type JsonBodyType } from 'msw';
import { setupServer } from 'msw/node';
import type { DatasourceHealth } from '../data/health';

const GRAFANA = 'http://localhost';
const COLLECTOR = `${GRAFANA}/api/datasources/uid/amc-reports/resources`;

/** What the app asks of Grafana itself. */
interface GrafanaAnswers {
  'get /api/datasources/uid/amc-reports/health': DatasourceHealth;
  'get /api/search': Array<{ uid: string; title: string; url: string }>;
  'post /api/plugins/amcreports-reports-app/settings': Record<string, never>;
}
/** Every address the app asks, with what it answers: a test that answers something else does not compile. */
type Answers = { [K in keyof Api]: Api[K]['response'] } & GrafanaAnswers;
export type Address = keyof Answers;

export const server = setupServer();

const respond = (address: Address, resolver: HttpResponseResolver): void => {
  const [method, path] = address.split(' ') as ['get' | 'post' | 'patch' | 'delete', string];
  const pattern = path.replace(/\{(\w+)\}/g, ':$1');
  server.use(http[method](`${path.startsWith('/v1/') ? COLLECTOR : GRAFANA}${pattern}`, resolver));
};

/** What was sent to an address, in order. */
export interface Sent {
  readonly path: string;
  readonly search: string;
  readonly body: unknown;
}

/** Answers from now on; a function is called for every request. Returns what was sent. */
export function answer<A extends Address>(address: A, body: Answers[A] | ((sent: Sent) => Answers[A]), status = 200): Sent[] {
  const sent: Sent[] = [];
  respond(address, async ({ request }) => {
    const text = await request.text();
    const { pathname: path, search } = new URL(request.url);
    const one = { path, search, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
    sent.push(one);
    return HttpResponse.json((typeof body === 'function' ? body(one) : body) as JsonBodyType, { status });
  });
  return sent;
}

/** Fails as the collector does, with a problem, or as Grafana does, with a message. */
export const fail = (address: Address, status: number, body: Problem | { message: string }): void =>
  respond(address, () => HttpResponse.json(body as JsonBodyType, { status }));

export const disconnect = (address: Address): void => respond(address, () => HttpResponse.error());

/** Never answers. */
export const hang = (address: Address): void => respond(address, () => new Promise<never>(() => undefined));

export interface TestStream {
  /** Connections made so far, with the id each resumed from. */
  readonly connections: ReadonlyArray<{ lastEventId: string | null; aborted: boolean }>;
  send(event: Event, id: number): void;
  /** Ends every open connection, as a collector does that stops. */
  drop(): void;
  /** Answers every new connection with this status until told otherwise. */
  refuse(status: number | undefined): void;
}

/** The stream of events, held by the test. */
export function stream(): TestStream {
  const connections: Array<{ lastEventId: string | null; aborted: boolean }> = [];
  let open: ReadableStreamDefaultController<Uint8Array>[] = [];
  let refusal: number | undefined;
  const encode = (text: string) => new TextEncoder().encode(text);
  server.use(
    http.get(`${COLLECTOR}/v1/events`, ({ request }) => {
      if (refusal !== undefined) return new HttpResponse(null, { status: refusal });
      const connection = { lastEventId: request.headers.get('last-event-id'), aborted: false };
      connections.push(connection);
      let own: ReadableStreamDefaultController<Uint8Array>;
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          own = controller;
          open.push(controller);
          controller.enqueue(encode('retry: 20\nid: 1\n\n'));
        },
        cancel: () => {
          connection.aborted = true;
          open = open.filter((other) => other !== own);
        },
      });
      request.signal.addEventListener('abort', () => (connection.aborted = true));
      return new HttpResponse(body, { headers: { 'Content-Type': 'text/event-stream' } });
    }),
  );
  return {
    connections,
    send: (event, id) =>
      open.forEach((controller) => controller.enqueue(encode(`id: ${id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`))),
    drop: () => {
      open.forEach((controller) => controller.close());
      open = [];
    },
    refuse: (status) => (refusal = status),
  };
}
