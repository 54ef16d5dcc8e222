import type { Request, Response } from 'express';
import { callerKey, type CallerInstance } from '../../../engine/access/caller.ts';
import { CollectorError } from '../../../contract/error.ts';
import { eventRoutes, type EventKind } from '../../../contract/events.ts';
import type { Context } from '../context.ts';
import { invalid } from '../error.ts';
import { handlers } from '../handlers.ts';
import { concerns } from '../../../ground/outbox/read.ts';
import type { Batch, Message } from '../../../ground/outbox/feed.ts';
import { openStream } from './stream.ts';

export const eventHandlers = handlers(eventRoutes, {
  async events(context, { query }, { req, res }) {
    const isWanted = wanted(query.kinds);
    const lastEventId = readLastEventId(req);
    if (req.method === 'HEAD') return void res.type('text/event-stream').end();
    const held: Batch[] = [];
    let send = (batch: Batch): void => void held.push(batch);
    const { resumeFrom, unsubscribe } = await context.feed.subscribe(callerKey(context.caller), (batch) => send(batch));
    try {
      const missed = lastEventId === null ? [] : await context.feed.missed(context.scope, lastEventId);
      const stream = openStream(res, missed.filter(isWanted), resumeFrom);
      let { scope } = context;
      send = (batch) =>
        stream(
          batch.messages.filter((message) => concerns(message, scope) && isWanted(message)),
          batch.resumeFrom,
        );
      held.forEach(send);
      await keepAlive(req, res, context, (instances) => (scope = { ...scope, instanceIds: instances.map(({ id }) => id) }));
    } finally {
      unsubscribe();
      // An error before the first byte becomes an answer of its own.
      if (res.headersSent) res.end();
    }
  },
});

/** 'missed' is for those who hear of things by their id; collections and weeks are told whole. */
function wanted(kinds: readonly EventKind[] | undefined): (message: Message) => boolean {
  if (kinds === undefined) return () => true;
  const byId = kinds.some((kind) => kind !== 'collection' && kind !== 'week');
  return ({ name }) => (name === 'missed' ? byId : (kinds as readonly string[]).includes(name));
}

function readLastEventId(req: Request): number | null {
  const header = req.get('last-event-id');
  if (header === undefined || header === '') return null;
  if (/^\d{1,15}$/.test(header)) return Number(header);
  throw invalid('The header Last-Event-ID must be an id that this stream sent, a whole number. Leave it out to hear only what is new.');
}

/** Pings until the stream ends: by the client, by the server's stop, or because the token was revoked, which is looked up at every ping. */
function keepAlive(req: Request, res: Response, context: Context, onScope: (instances: readonly CallerInstance[]) => void): Promise<void> {
  const { signal, authenticator, logger, feed, caller } = context;
  return new Promise((resolve) => {
    const ping = setInterval(() => {
      res.write(': ping\n\n');
      authenticator.currentScope(req.headers, caller.verified).then(
        (instances) => (instances ? onScope(instances) : end()),
        (error: unknown) => {
          logger.warn({ err: error }, 'The scope of an event stream could not be looked up.');
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
