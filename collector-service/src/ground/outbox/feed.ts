import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type pg from 'pg';
import { CollectorError } from '../../contract/error.ts';
import type { BoundedScope } from '../context.ts';
import { createAlarm } from './alarm.ts';
import type { Change } from './announce.ts';
import { EventCursor } from './cursor.ts';
import { eventRange, lookForEvents, missedEvents, type StoredEvent } from './read.ts';

/** An event as it goes out: what a thing is now. */
export interface Message {
  readonly name: string;
  /** JSON */
  readonly data: string;
}

/** With whom it may go to. Made once, whatever the number of listeners. */
export interface AddressedMessage extends Message, Pick<Change, 'workspaceId' | 'instanceIds'> {}

export interface Describer {
  /** What changed, as it is now. @throws CollectorError transient: the same events can be tried again */
  describe(events: readonly StoredEvent[]): Promise<AddressedMessage[]>;
  /** Everything there is for a scope, for a listener whose past is not on record any more. */
  everything(scope: BoundedScope): Promise<Message[]>;
}

export interface Batch {
  readonly messages: readonly AddressedMessage[];
  /** The id from which a listener that got this batch may resume. */
  readonly resumeFrom: number;
}
export type Listener = (batch: Batch) => void;

export interface EventTiming {
  /** Between two `: ping` lines, so that proxies keep the connection. */
  readonly pingMs: number;
  /** Between two looks at the table when no notification comes. */
  readonly pollMs: number;
}

export interface EventFeed {
  readonly timing: EventTiming;
  /** Calls the listener for everything that happens from now on. Returns the id to resume from, and how to stop. @throws CollectorError rate_limited, database_unavailable */
  subscribe(caller: string, listener: Listener): Promise<{ resumeFrom: number; unsubscribe: () => void }>;
  /** What happened after the id, or the state of everything when that lies too far back to tell. */
  missed(scope: BoundedScope, after: number): Promise<readonly Message[]>;
  /** Resolves when the feed rests and holds no connection. */
  ended(): Promise<void>;
}

const TIMING: EventTiming = { pingMs: 15_000, pollMs: 2_000 };
/** How far below the newest id a transaction still under way may have taken its own. */
const IN_FLIGHT = 1_000;
const STREAMS_PER_CALLER = 100;
const STREAMS = 1_000;
/** A burst of changes (a worker claiming many weeks) is told in one go. */
const GATHER_MS = 50;

export interface FeedDeps extends Describer {
  readonly pool: pg.Pool;
  /** For LISTEN. */
  readonly sessions: pg.Pool;
  readonly logger: Logger;
  readonly timing?: Partial<EventTiming>;
}

/** One reader of the outbox for all listeners of this process; it rests while there are none. */
export function createEventFeed({ pool, sessions, logger, describe, everything, ...options }: FeedDeps, stopping: AbortSignal): EventFeed {
  const timing = { ...TIMING, ...options.timing };
  const listeners = new Map<Listener, string>();
  let reading: Promise<EventCursor> | undefined;
  let rest = new AbortController();
  let loops: Promise<unknown> = Promise.resolve();

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
    // One LISTEN connection for the whole process: idle listeners slow every NOTIFY down (reference/pipeline.md §3.5).
    const alarm = createAlarm(sessions, logger);
    for (;;) {
      await alarm.sleep(timing.pollMs, signal);
      await sleep(GATHER_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return alarm.stop();
      await look(cursor).catch((error: unknown) => logger.warn({ err: error }, 'Changes could not be read; trying again.'));
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
    const messages = await describe(unsent);
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
      if (removed || after > newest) return everything(scope);
      return describe(await missedEvents(pool, scope, after));
    },
    ended: async () => void (await loops),
  };
}

const tooMany = () =>
  new CollectorError('rate_limited', 'Too many event streams are open. Close other tabs of the app, or try again in a minute.', {
    retryAfterMs: 60_000,
  });
