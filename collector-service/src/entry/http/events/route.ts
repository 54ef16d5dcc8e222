import type { Request, Response } from 'express';
import { callerKey, type CallerInstance } from '../../../engine/access/caller.ts';
import { CollectorError, collectionEventSchema } from '../../../contract/index.ts';
import { invalid } from '../error.ts';
import type { Context, StreamRoute } from '../route.ts';
import type { Batch } from './feed.ts';
import { openStream } from './stream.ts';

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
    if (req.method === 'HEAD') return void res.type('text/event-stream').end();
    const held: Batch[] = [];
    let send = (batch: Batch): void => void held.push(batch);
    const { resumeFrom, unsubscribe } = await context.feed.subscribe(callerKey(context.caller), (batch) => send(batch));
    try {
      const missed = lastEventId === null ? [] : await context.feed.missed(context.scope, lastEventId);
      const stream = openStream(res, missed, resumeFrom);
      let visible = context.scope.instanceIds;
      send = (batch) =>
        stream(
          batch.messages.filter((m) => m.workspaceId === context.scope.workspaceId && visible.includes(m.instanceId)),
          batch.resumeFrom,
        );
      held.forEach(send);
      await keepAlive(req, res, context, (instances) => (visible = instances.map((instance) => instance.id)));
    } finally {
      unsubscribe();
      // An error before the first byte becomes an answer of its own.
      if (res.headersSent) res.end();
    }
  },
};

function readLastEventId(req: Request): number | null {
  const header = req.get('last-event-id');
  if (header === undefined || header === '') return null;
  if (/^\d{1,15}$/.test(header)) return Number(header);
  throw invalid('The header Last-Event-ID must be an id that this stream sent, a whole number. Leave it out to hear only what is new.');
}

/** Pings until the stream ends: by the client, by the server's stop, or because the token was revoked, which is looked up at every ping. */
function keepAlive(req: Request, res: Response, context: Context, onScope: (instances: readonly CallerInstance[]) => void): Promise<void> {
  const { signal, deps, feed, caller } = context;
  return new Promise((resolve) => {
    const ping = setInterval(() => {
      res.write(': ping\n\n');
      deps.authenticator.currentScope(req.headers, caller.verified).then(
        (instances) => (instances ? onScope(instances) : end()),
        (error: unknown) => {
          deps.logger.warn({ err: error }, 'The scope of an event stream could not be looked up.');
          // The database is away: who was let in stays until it can be asked again. What depends on Grafana's teams does not.
          if (error instanceof CollectorError && error.code === 'identity_unavailable') end();
        },
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
