import type { Request, Response } from 'express';
import { callerKey, type CallerInstance } from '../../access/caller.ts';
import { collectionEventSchema } from '../../contract/index.ts';
import { invalid } from '../error.ts';
import type { Context, StreamRoute } from '../route.ts';
import type { Batch } from './feed.ts';
import { toEventStream, type Message } from './message.ts';

/** Bytes a listener may leave unread before it is dropped; it reconnects and gets what it missed. */
const SLOW_BYTES = 1_048_576;
const RECONNECT_MS = 3_000;

export const eventsRoute: StreamRoute = {
  kind: 'stream',
  name: 'events',
  summary: 'Changes of collections and their weeks as they happen, as server-sent events',
  description:
    'Events are named `week` and `collection`; `id:` rises, and the header Last-Event-ID replays what was missed. ' +
    'An event tells what is now, so getting one twice does no harm; after a long absence everything is told.',
  budget: 'read',
  status: 200,
  response: collectionEventSchema,
  async handle(req, res, context) {
    const lastEventId = readLastEventId(req);
    const held: Batch[] = [];
    let send = (batch: Batch): void => void held.push(batch);
    const { resumeFrom, unsubscribe } = await context.feed.subscribe(callerKey(context.caller), (batch) => send(batch));
    try {
      const missed = lastEventId === null ? [] : await context.feed.missed(context.scope, lastEventId);
      const stream = openStream(res, missed, resumeFrom);
      let visible = context.scope.instanceIds;
      send = (batch) => stream(batch.messages.filter((m) => m.workspaceId === context.scope.workspaceId && visible.includes(m.instanceId)), batch.resumeFrom);
      held.forEach(send);
      await keepAlive(req, res, context, (instances) => (visible = instances.map((instance) => instance.id)));
    } finally {
      unsubscribe();
      res.end();
    }
  },
};

function readLastEventId(req: Request): number | null {
  const header = req.get('last-event-id');
  if (header === undefined || header === '') return null;
  if (/^\d{1,15}$/.test(header)) return Number(header);
  throw invalid('The header Last-Event-ID must be an id that this stream sent, a whole number. Leave it out to hear only what is new.');
}

/** Sends headers, what was missed and the id to resume from. Returns how to send more; a listener that does not read is cut off. */
function openStream(res: Response, missed: readonly Message[], resumeFrom: number): (messages: readonly Message[], resumeFrom: number) => void {
  res.writeHead(200, {
    'Content-Type': 'text/event-stream; charset=utf-8',
    // Grafana compresses answers and proxies gather them; both would hold events back.
    'Cache-Control': 'no-store, no-transform',
    'X-Accel-Buffering': 'no',
  });
  res.write(`retry: ${RECONNECT_MS}\nid: ${resumeFrom}\n\n${toEventStream(missed, resumeFrom)}`);
  return (messages, id) => {
    if (messages.length === 0 || res.writableEnded) return;
    res.write(toEventStream(messages, id));
    if (res.writableLength > SLOW_BYTES) res.destroy();
  };
}

/** Pings until the stream ends: by the client, by the server's stop, or because the token was revoked, which is looked up at every ping. */
function keepAlive(req: Request, res: Response, context: Context, onScope: (instances: readonly CallerInstance[]) => void): Promise<void> {
  const { signal, deps, feed } = context;
  return new Promise((resolve) => {
    const ping = setInterval(() => {
      res.write(': ping\n\n');
      deps.authenticator.currentScope(req.headers).then(
        (instances) => (instances ? onScope(instances) : end()),
        // The database is away: who was let in stays until it can be asked again.
        (error: unknown) => deps.logger.warn({ err: error }, 'The scope of an event stream could not be looked up.'),
      );
    }, feed.timing.pingMs);
    const end = () => {
      clearInterval(ping);
      signal.removeEventListener('abort', end);
      resolve();
    };
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
  });
}
