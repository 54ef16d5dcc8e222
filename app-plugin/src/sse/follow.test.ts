import { http, HttpResponse } from 'msw';
import { setupServer } from 'msw/node';
import { follow, type StreamState } from './follow';
import type { ServerSentEvent } from './parse';

const ADDRESS = 'http://localhost/events';
const TIMING = { reconnectMs: 1, longestWaitMs: 4, silenceMs: 50, patience: 2 };
const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterAll(() => server.close());

type Connection = 'refuse' | 'fail' | 'break' | { readonly sends: string; readonly stays?: boolean };

/** Answers connection after connection as told, and follows until the last was made. */
async function run(...connections: Connection[]) {
  const ids: Array<string | null> = [];
  const states: StreamState[] = [];
  const events: ServerSentEvent[] = [];
  const stop = new AbortController();
  server.use(
    http.get(ADDRESS, ({ request }) => {
      ids.push(request.headers.get('last-event-id'));
      const connection = connections[ids.length - 1];
      if (connection === undefined) {
        stop.abort();
        return new HttpResponse(null, { status: 503 });
      }
      if (connection === 'refuse') return new HttpResponse(null, { status: 400 });
      if (connection === 'fail') return HttpResponse.json({ message: 'a proxy’s page' });
      if (connection === 'break') return HttpResponse.error();
      const body = new ReadableStream<Uint8Array>({
        start(controller) {
          if (connection.sends) controller.enqueue(new TextEncoder().encode(connection.sends));
          if (!connection.stays) controller.close();
        },
      });
      return new HttpResponse(body, { headers: { 'Content-Type': 'text/event-stream' } });
    }),
  );
  await follow({
    address: ADDRESS,
    signal: stop.signal,
    onEvent: (event) => events.push(event),
    onState: (state) => states.push(state),
    timing: TIMING,
  });
  return { ids, states, events };
}

it('resumes from the last id after the stream ended', async () => {
  const { ids, events, states } = await run({ sends: 'retry: 1\nid: 4\n\nid: 5\ndata: a\n\n' }, { sends: 'data: b\n\n' });
  expect(ids).toEqual([null, '5', '5']);
  expect(events.map(({ data }) => data)).toEqual(['a', 'b']);
  expect(states).toEqual(['live', 'connecting', 'live', 'connecting']);
});

it('lets the pages ask by themselves after several failures, and is live again when a try succeeds', async () => {
  const { states } = await run('break', 'fail', 'break', { sends: ': hello\n\n' });
  expect(states).toEqual(['connecting', 'polling', 'polling', 'live', 'connecting']);
});

it('forgets an id that the server refuses', async () => {
  const { ids } = await run({ sends: 'id: 9\n\n' }, 'refuse', 'break');
  expect(ids).toEqual([null, '9', null, null]);
});

it('takes a silent stream for dead, and is not live before the first bytes', async () => {
  const { states, ids } = await run({ sends: '', stays: true }, { sends: ': ping\n\n', stays: true });
  expect(ids).toHaveLength(3);
  expect(states).toEqual(['connecting', 'live', 'connecting']);
});

it('ends without another try when it is told to stop', async () => {
  const stop = new AbortController();
  stop.abort();
  const states: StreamState[] = [];
  await follow({ address: ADDRESS, signal: stop.signal, onEvent: () => undefined, onState: (state) => states.push(state), timing: TIMING });
  expect(states).toEqual([]);
});
