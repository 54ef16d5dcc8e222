import { serverSentEvents, type ServerSentEvent } from './parse';

/**
 * live: events arrive · connecting: the first try, or a short break · polling: several tries failed in a row; ask now and then
 * while the tries go on.
 */
export type StreamState = 'connecting' | 'live' | 'polling';

export interface FollowOptions {
  readonly address: string;
  readonly signal: AbortSignal;
  readonly onEvent: (event: ServerSentEvent) => void;
  readonly onState: (state: StreamState) => void;
  readonly timing?: StreamTiming;
}

export interface StreamTiming {
  /** Wait before the first reconnect unless the server says another; doubles with every failure. */
  readonly reconnectMs: number;
  readonly longestWaitMs: number;
  /** A stream that was silent for this long is taken for dead: the collector pings every 15 s. */
  readonly silenceMs: number;
  /** Failures in a row before the pages should ask by themselves. */
  readonly patience: number;
}

const TIMING: StreamTiming = { reconnectMs: 1_000, longestWaitMs: 60_000, silenceMs: 45_000, patience: 2 };

/**
 * Follows server-sent events until the signal aborts: reconnects with a growing, jittered wait and the Last-Event-ID, so that the
 * server replays what was missed. By fetch, not EventSource, which cannot send the id after an error nor tell why a try failed.
 */
export async function follow({ address, signal, onEvent, onState, timing = TIMING }: FollowOptions): Promise<void> {
  let lastEventId = '';
  let reconnectMs = timing.reconnectMs;
  let failures = 0;

  while (!signal.aborted) {
    const outcome = await connect(address, lastEventId, signal, timing.silenceMs, {
      onOpen: () => {
        failures = 0;
        onState('live');
      },
      onEvent: (event) => {
        lastEventId = event.lastEventId || lastEventId;
        reconnectMs = event.retryMs ?? reconnectMs;
        if (event.data !== '') onEvent(event);
      },
    });
    if (signal.aborted) return;
    // An id that the server does not take must not keep us out for ever.
    if (outcome === 'refused') lastEventId = '';
    if (outcome !== 'ended') failures++;
    onState(failures >= timing.patience ? 'polling' : 'connecting');
    await pause(wait(reconnectMs, failures, timing.longestWaitMs), signal);
  }
}

/** ended: was open · refused: the server said no (4xx) · failed: no or another answer. */
type Outcome = 'ended' | 'refused' | 'failed';

interface Handlers {
  readonly onOpen: () => void;
  readonly onEvent: (event: ServerSentEvent) => void;
}

async function connect(
  address: string,
  lastEventId: string,
  signal: AbortSignal,
  silenceMs: number,
  { onOpen, onEvent }: Handlers,
): Promise<Outcome> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), silenceMs);
  let outcome: Outcome = 'failed';
  // Open means that bytes came through, not only headers: a proxy that gathers answers holds events back.
  const alive = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), silenceMs);
    if (outcome === 'ended') return;
    outcome = 'ended';
    onOpen();
  };
  try {
    const headers = { Accept: 'text/event-stream', ...(lastEventId && { 'Last-Event-ID': lastEventId }) };
    const ending = AbortSignal.any([signal, silence.signal]);
    const answer = await fetch(address, { headers, cache: 'no-store', signal: ending });
    if (!answer.ok || !answer.body || !answer.headers.get('content-type')?.startsWith('text/event-stream')) {
      void answer.body?.cancel().catch(() => undefined);
      return answer.status >= 400 && answer.status < 500 ? 'refused' : 'failed';
    }
    for await (const event of serverSentEvents(answer.body, ending, alive)) onEvent(event);
  } catch (error) {
    // A network that breaks rejects with TypeError, an abort with AbortError; anything else is a mistake of ours.
    if (!['TypeError', 'AbortError'].includes((error as Error).name)) throw error;
  } finally {
    clearTimeout(timer);
  }
  return outcome;
}

/** Half fixed, half random, so that many open pages do not come back at the same moment. */
const wait = (base: number, failures: number, longest: number): number => {
  const full = Math.min(base * 2 ** Math.min(failures, 16), longest);
  return full / 2 + Math.random() * (full / 2);
};

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
  });
}
