import type { Logger } from 'pino';
import type pg from 'pg';
import { CollectorError } from '../../../contract/error.ts';
import type { EventTiming, Scope } from '../deps.ts';
import { EventCursor } from './cursor.ts';
import { toFullState, toMessages, type AddressedMessage, type Collections, type Message, type OnBroken } from './message.ts';
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
  subscribe(caller: string, listener: Listener): Promise<{ resumeFrom: number; unsubscribe: () => void }>;
  /** What happened after the id, or the state of everything when that lies too far back to tell. */
  missed(scope: Scope, after: number): Promise<readonly Message[]>;
  /** Resolves when the feed rests and holds no connection. */
  ended(): Promise<void>;
}

const TIMING: EventTiming = { pingMs: 15_000, pollMs: 2_000 };
/** How far below the newest id a transaction still under way may have taken its own. */
const IN_FLIGHT = 1_000;
const STREAMS_PER_CALLER = 100;
const STREAMS = 1_000;

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
  let rest = new AbortController();
  let loops: Promise<unknown> = Promise.resolve();

  const onBroken: OnBroken = (error, collectionId) => {
    if (error instanceof CollectorError && error.code === 'not_found') return;
    logger.error({ err: error, collectionId }, 'A change of a collection could not be told to its listeners.');
  };

  async function start(): Promise<EventCursor> {
    const { newest } = await eventRange(pool);
    const cursor = new EventCursor(Math.max(0, newest - IN_FLIGHT));
    // The second look tells the holes that removed rows left from ids still in flight.
    cursor.advance((await lookForEvents(pool, cursor.low)).look);
    cursor.advance((await lookForEvents(pool, cursor.low)).look);
    rest = new AbortController();
    loops = Promise.all([loops, read(cursor, AbortSignal.any([stopping, rest.signal]))]);
    return cursor;
  }

  async function read(cursor: EventCursor, signal: AbortSignal): Promise<void> {
    const wakeUp = createWakeUp(pool, logger);
    for (;;) {
      await wakeUp.listen();
      await wakeUp.wait(timing.pollMs, signal);
      if (signal.aborted) return wakeUp.stop();
      await look(cursor).catch((error: unknown) => logger.warn({ err: error }, 'Changes of collections could not be read; trying again.'));
    }
  }

  /** The next listener begins anew: what happens until then is its to ask for. */
  function leave(listener: Listener): void {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    reading = undefined;
    rest.abort();
  }

  /** Messages are made before the cursor moves: a failure in between means that the next look finds the same events again. */
  async function look(cursor: EventCursor): Promise<void> {
    const { look: seen, events } = await lookForEvents(pool, cursor.low);
    const unsent = events.filter((event) => cursor.isFresh(event.id));
    const messages = await toMessages(unsent, collections, onBroken);
    cursor.advance(seen);
    if (messages.length === 0) return;
    for (const listener of listeners.keys()) listener({ messages, resumeFrom: cursor.low });
  }

  return {
    timing,
    async subscribe(caller, listener) {
      const own = [...listeners.values()].filter((other) => other === caller).length;
      if (own >= STREAMS_PER_CALLER || listeners.size >= STREAMS) throw tooMany();
      listeners.set(listener, caller);
      try {
        reading ??= start();
        return { resumeFrom: (await reading).low, unsubscribe: () => leave(listener) };
      } catch (error) {
        leave(listener);
        throw error;
      }
    },
    async missed(scope, after) {
      const { oldest, newest } = await eventRange(pool);
      const removed = oldest !== null && oldest > after + 1;
      // An id from the future was given out before the table was emptied, or by another database.
      if (removed || after > newest) return toFullState(scope, collections);
      return toMessages(await missedEvents(pool, scope, after), collections, onBroken);
    },
    ended: async () => void (await loops),
  };
}

const tooMany = () =>
  new CollectorError('Too many event streams are open. Close other tabs of the Collections pages, or try again in a minute.', {
    code: 'rate_limited',
    kind: 'throttled',
    status: 429,
    retryAfterMs: 60_000,
  });
