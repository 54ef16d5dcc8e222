import { CollectorError } from '../../contract/error.ts';

/** Runs the work with a signal that aborts with the error when the time is up; the timer goes with the work. */
export async function withDeadline<T>(ms: number, error: Error, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(error), ms);
  try {
    return await work(over.signal);
  } finally {
    clearTimeout(timer);
  }
}

export const unanswered = (ms: number): CollectorError =>
  new CollectorError(
    'database_unavailable',
    `The database did not finish within ${Math.round(ms / 1000)} s. Nothing was changed; it is tried again.`,
  );
