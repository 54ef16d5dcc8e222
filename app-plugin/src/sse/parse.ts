export interface ServerSentEvent {
  /** 'message' when the server named none. */
  readonly name: string;
  /** Empty for an event that only moves the id; a browser's EventSource would not show it. */
  readonly data: string;
  /** The id to resume from after this event. */
  readonly lastEventId: string;
  /** Milliseconds the server asks to wait before a reconnect, once it said so. */
  readonly retryMs: number | undefined;
}

/**
 * Server-sent events out of the body of an answer, as the HTML standard reads them (§9.2.6): blocks end with an empty line, line ends
 * are LF, CRLF or CR, comments are dropped, a block cut off by the end is dropped. `onBytes` is called for comments too: a sign of
 * life. An abort ends it as the server's end does.
 */
export async function* serverSentEvents(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
  onBytes: () => void,
): AsyncGenerator<ServerSentEvent, void, undefined> {
  const block = newBlock();
  for await (const line of lines(body, signal, onBytes)) {
    if (line === '') {
      const event = block.end();
      if (event) yield event;
    } else {
      block.add(line);
    }
  }
}

async function* lines(body: ReadableStream<Uint8Array>, signal: AbortSignal, onBytes: () => void): AsyncGenerator<string, void, undefined> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  const leave = () => void reader.cancel().catch(() => undefined);
  signal.addEventListener('abort', leave, { once: true });
  try {
    for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
      onBytes();
      rest += decoder.decode(chunk.value, { stream: true });
      // A CR at the end may be half of a CRLF; it waits for the next chunk.
      const parts = rest.split(/\r\n|\n|\r(?!$)/);
      rest = parts.pop() ?? '';
      yield* parts;
    }
  } finally {
    signal.removeEventListener('abort', leave);
    leave();
  }
}

function newBlock() {
  let name = '';
  let data: string[] = [];
  let touched = false;
  let lastEventId = '';
  let retryMs: number | undefined;

  return {
    add(line: string): void {
      if (line.startsWith(':')) return;
      const colon = line.indexOf(':');
      const field = colon < 0 ? line : line.slice(0, colon);
      const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
      touched = true;
      if (field === 'event') name = value;
      else if (field === 'data') data.push(value);
      else if (field === 'id' && !value.includes('\0')) lastEventId = value;
      else if (field === 'retry' && /^\d+$/.test(value)) retryMs = Number(value);
    },
    end(): ServerSentEvent | undefined {
      const event = touched ? { name: name || 'message', data: data.join('\n'), lastEventId, retryMs } : undefined;
      name = '';
      data = [];
      touched = false;
      return event;
    },
  };
}
