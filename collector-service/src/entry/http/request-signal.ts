import type { Response } from 'express';
import { CollectorError } from '../../contract/error.ts';

/** A signal that fires when the client goes away, the server stops or, unless the answer is a stream, the deadline passes. */
export function requestSignal(res: Response, stopping: AbortSignal, deadlineMs: number | null): AbortSignal {
  const gone = new AbortController();
  res.once('close', () => {
    if (!res.writableFinished) gone.abort(new ClientGone());
  });
  return AbortSignal.any([gone.signal, stopping, ...(deadlineMs === null ? [] : [AbortSignal.timeout(deadlineMs)])]);
}

/** The client closed the connection: there is nobody to answer. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/** Waits for work no longer than its signal allows, also when the work does not listen to it. */
export async function until<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  let stop: (() => void) | undefined;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => reject(reasonOf(signal));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } catch (error) {
    throw signal.aborted ? reasonOf(signal) : error;
  } finally {
    if (stop) signal.removeEventListener('abort', stop);
  }
}

function reasonOf(signal: AbortSignal): unknown {
  const reason: unknown = signal.reason;
  if (!(reason instanceof DOMException) || reason.name !== 'TimeoutError') return reason;
  return new CollectorError('timed_out', 'The request took too long and was given up. Ask for a shorter range or fewer dimensions.');
}
