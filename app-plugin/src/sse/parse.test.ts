import { serverSentEvents, type ServerSentEvent } from './parse';

async function parse(...pieces: Array<string | Uint8Array>): Promise<ServerSentEvent[]> {
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const piece of pieces) controller.enqueue(typeof piece === 'string' ? new TextEncoder().encode(piece) : piece);
      controller.close();
    },
  });
  const events: ServerSentEvent[] = [];
  for await (const event of serverSentEvents(body, new AbortController().signal, () => undefined)) events.push(event);
  return events;
}
const event = (parts: Partial<ServerSentEvent>): ServerSentEvent => ({
  name: 'message',
  data: '',
  lastEventId: '',
  retryMs: undefined,
  ...parts,
});

it('reads name, data and id, and keeps the id for events that have none', async () => {
  expect(await parse('id: 7\nevent: week\ndata: {"a":1}\n\ndata: x\n\n')).toEqual([
    event({ name: 'week', data: '{"a":1}', lastEventId: '7' }),
    event({ data: 'x', lastEventId: '7' }),
  ]);
});

it('reads an event that only sets id and wait', async () => {
  expect(await parse('retry: 3000\nid: 5\n\n')).toEqual([event({ lastEventId: '5', retryMs: 3000 })]);
});

it('joins data of several lines, drops comments and one leading blank', async () => {
  expect(await parse(': ping\n\ndata: a\ndata:  b\ndata\n\n')).toEqual([event({ data: 'a\n b\n' })]);
});

it('reads any line ends, also cut between CR and LF', async () => {
  expect(await parse('data: a\r', '\n\r', '\ndata: b\r\rdata: c\n\n')).toEqual([
    event({ data: 'a' }),
    event({ data: 'b' }),
    event({ data: 'c' }),
  ]);
});

it('reads events that come byte by byte, also within a letter', async () => {
  const bytes = new TextEncoder().encode('data: Küche 🏕\n\n');
  expect(await parse(...Array.from(bytes, (byte) => new Uint8Array([byte])))).toEqual([event({ data: 'Küche 🏕' })]);
});

it('drops an event that was cut off, and fields it does not know', async () => {
  expect(await parse('foo: bar\nretry: soon\ndata: a\n\ndata: half')).toEqual([event({ data: 'a' })]);
});
