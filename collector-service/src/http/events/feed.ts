import type { Logger } from 'pino';
import type pg from 'pg';
import { CollectorError } from '../../contract/error.ts';
import type { Collections, EventTiming, Scope } from '../deps.ts';
import { EventCursor } from './cursor.ts';
import { toCollectionMessage, toMessages, type AddressedMessage, type Message } from './message.ts';
import { eventRange, lookForEvents, missedEvents } from './statements.ts';
import { createWakeUp } from './wake-up.ts';

export interface Batch {
  readonly messages: readonly AddressedMessage[];
  /** The id from which a listener that got this batch may resume. */
  readonly resumeFrom: number;
}
export type Listener = (batch: Batch) => void;

export interface EventFeed {
  readonly timing: EventTiming;
  /** Calls the listener for everything that happens from now on. Returns the id to resume from, and how to stop. @throws CollectorError rate_limited, database_unavailable */
  subscribe(actor: string, listener: Listener): Promise<{ resumeFrom: number; unsubscribe: () => void }>;
  /** What happened after the id, or the state of every collection when that lies too far back to tell. */
  missed(scope: Scope, after: number): Promise<readonly Message[]>;
  /** Resolves when the feed rests and holds no connection. */
  ended(): Promise<void>;
}

const TIMING: EventTiming = { pingMs: 15_000, pollMs: 2_000 };
/** How far below the newest id a transaction still under way may have taken its own. */
const IN_FLIGHT = 1_000;
/** Changes replayed at most; beyond it the collections as they are say it shorter. */
const REPLAY = 500;
const STREAMS_PER_CALLER = 30;
const STREAMS = 500;

interface FeedDeps {
  readonly pool: pg.Pool;
  readonly logger: Logger;
  readonly collections: Collections;
  readonly eventTiming?: Partial<EventTiming>;
}

/** One reader of collection_events for all listeners of this process; it rests while there are none. */
export function createEventFeed(deps: FeedDeps, stopping: AbortSignal): EventFeed {
  const { pool, logger, collections } = deps;
  const timing = { ...TIMING, ...deps.eventTiming };
  const listeners = new Map<Listener, string>();
  let reading: Promise<EventCursor> | undefined;
  let loop: Promise<void> = Promise.resolve();

  async function start(): Promise<EventCursor> {
    const { newest } = await eventRange(pool);
    const cursor = new EventCursor(Math.max(0, newest - IN_FLIGHT));
    // The second look tells the holes that removed rows left from ids still in flight.
    cursor.advance((await lookForEvents(pool, cursor.low)).look);
    cursor.advance((await lookForEvents(pool, cursor.low)).look);
    loop = read(cursor);
    return cursor;
  }

  async function read(cursor: EventCursor): Promise<void> {
    const wakeUp = createWakeUp(pool, logger);
    while (!stopping.aborted) {
      await wakeUp.listen();
      await wakeUp.wait(timing.pollMs, stopping);
      if (listeners.size === 0) break;
      await look(cursor).catch((error: unknown) => logger.warn({ err: error }, 'Changes of collections could not be read; trying again.'));
    }
    reading = undefined;
    wakeUp.stop();
  }

  /** Messages are made before the cursor moves: a failure in between means that the next look finds the same events again. */
  async function look(cursor: EventCursor): Promise<void> {
    const { look: seen, events } = await lookForEvents(pool, cursor.low);
    const unsent = events.filter((event) => cursor.isFresh(event.id));
    const messages = await toMessages(unsent, collections);
    cursor.advance(seen);
    if (messages.length === 0) return;
    for (const listener of listeners.keys()) listener({ messages, resumeFrom: cursor.low });
  }

  return {
    timing,
    async subscribe(actor, listener) {
      const own = [...listeners.values()].filter((other) => other === actor).length;
      if (own >= STREAMS_PER_CALLER || listeners.size >= STREAMS) throw tooMany();
      listeners.set(listener, actor);
      const unsubscribe = () => void listeners.delete(listener);
      try {
        reading ??= start();
        return { resumeFrom: (await reading).low, unsubscribe };
      } catch (error) {
        reading = undefined;
        unsubscribe();
        throw error;
      }
    },
    async missed(scope, after) {
      const { oldest, newest } = await eventRange(pool);
      const removed = oldest !== null && oldest > after + 1;
      // An id from the future was given out before the table was emptied, or by another database.
      if (!removed && after <= newest) {
        const events = await missedEvents(pool, scope, after, REPLAY + 1);
        if (events.length <= REPLAY) return toMessages(events, collections);
      }
      return (await collections.list(scope)).map(toCollectionMessage);
    },
    ended: () => loop,
  };
}

const tooMany = () =>
  new CollectorError('Too many event streams are open. Close other tabs of the Collections pages, or try again in a minute.', {
    code: 'rate_limited',
    kind: 'throttled',
    status: 429,
    retryAfterMs: 60_000,
  });
