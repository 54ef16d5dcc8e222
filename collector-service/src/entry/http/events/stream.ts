import type { ServerResponse } from 'node:http';
import { toEventStream, type Message } from './message.ts';

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
