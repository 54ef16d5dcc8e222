import type { ServerResponse } from 'node:http';
import type { Message } from '../../../ground/outbox/feed.ts';

/** Bytes a listener may leave unread before it is dropped; it reconnects and gets what it missed. */
const SLOW_BYTES = 1_048_576;
const RECONNECT_MS = 3_000;

/** Sends headers, what was missed and the id to resume from. Returns how to send more; a listener that does not read is cut off. */
export function openStream(
  res: ServerResponse,
  missed: readonly Message[],
  resumeFrom: number,
): (messages: readonly Message[], resumeFrom: number) => void {
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

/**
 * Messages as server-sent events. Only the last carries the id to resume from: a connection that breaks in between gets them all again,
 * which does no harm, since each tells what is now and not what was done.
 */
const toEventStream = (messages: readonly Message[], resumeFrom: number): string =>
  messages
    .map(({ name, data }, index) => `${index === messages.length - 1 ? `id: ${resumeFrom}\n` : ''}event: ${name}\ndata: ${data}\n\n`)
    .join('');
