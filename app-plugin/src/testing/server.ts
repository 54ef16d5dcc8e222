import type {
  Catalogue,
  Collection,
  CollectionDetail,
  CollectionEvent,
  CollectionList,
  Health,
  Problem,
  Week,
} from '@amc-reports/collector-service/contract';
import { http, HttpResponse, type HttpResponseResolver, type JsonBodyType } from 'msw';
import { setupServer } from 'msw/node';
import type { DatasourceHealth } from '../data/health';

const GRAFANA = 'http://localhost';
const V1 = `${GRAFANA}/api/datasources/uid/amc-reports/resources/v1`;

/** Every address the app asks, with what it answers: a test that answers something else does not compile. */
interface Answers {
  health: Health;
  datasourceHealth: DatasourceHealth;
  catalogue: Catalogue;
  collections: CollectionList;
  createCollection: Collection;
  collection: CollectionDetail;
  pause: Collection;
  resume: Collection;
  cancel: Collection;
  retryWeek: Week;
  dashboards: Array<{ uid: string; title: string; url: string }>;
  saveSettings: Record<string, never>;
}
export type AddressName = keyof Answers;

const ADDRESSES: Record<AddressName, [method: 'get' | 'post', address: string]> = {
  health: ['get', `${V1}/health`],
  datasourceHealth: ['get', `${GRAFANA}/api/datasources/uid/amc-reports/health`],
  catalogue: ['get', `${V1}/catalogue`],
  collections: ['get', `${V1}/collections`],
  createCollection: ['post', `${V1}/collections`],
  collection: ['get', `${V1}/collections/:id`],
  pause: ['post', `${V1}/collections/:id/pause`],
  resume: ['post', `${V1}/collections/:id/resume`],
  cancel: ['post', `${V1}/collections/:id/cancel`],
  retryWeek: ['post', `${V1}/collections/:id/weeks/:week/retry`],
  dashboards: ['get', `${GRAFANA}/api/search`],
  saveSettings: ['post', `${GRAFANA}/api/plugins/amcreports-reports-app/settings`],
};

export const server = setupServer();

const respond = (name: AddressName, resolver: HttpResponseResolver): void => {
  const [method, address] = ADDRESSES[name];
  server.use(http[method](address, resolver));
};

/** What was sent to an address, in order. */
export interface Sent {
  readonly path: string;
  readonly body: unknown;
}

/** Answers from now on; a function is called for every request. Returns what was sent. */
export function answer<Name extends AddressName>(name: Name, body: Answers[Name] | ((sent: Sent) => Answers[Name]), status = 200): Sent[] {
  const sent: Sent[] = [];
  respond(name, async ({ request }) => {
    const text = await request.text();
    const one = { path: new URL(request.url).pathname, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
    sent.push(one);
    return HttpResponse.json((typeof body === 'function' ? body(one) : body) as JsonBodyType, { status });
  });
  return sent;
}

/** Fails as the collector does, with a problem, or as Grafana does, with a message. */
export const fail = (name: AddressName, status: number, body: Problem | { message: string }): void =>
  respond(name, () => HttpResponse.json(body as JsonBodyType, { status }));

export const disconnect = (name: AddressName): void => respond(name, () => HttpResponse.error());

/** Never answers. */
export const hang = (name: AddressName): void => respond(name, () => new Promise<never>(() => undefined));

export interface TestStream {
  /** Connections made so far, with the id each resumed from. */
  readonly connections: ReadonlyArray<{ lastEventId: string | null; aborted: boolean }>;
  send(event: CollectionEvent, id: number): void;
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
    http.get(`${V1}/events`, ({ request }) => {
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
