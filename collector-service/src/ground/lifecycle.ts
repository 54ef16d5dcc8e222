import type { Logger } from 'pino';

/** Parts are started in order and stopped in reverse. A part that fails to stop is logged, and the others still stop. */
export class Lifecycle {
  readonly #logger: Logger;
  readonly #started: { name: string; stop: () => Promise<void> | void }[] = [];
  readonly #failed = new AbortController();

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Remembers how to stop a part that has just been started. */
  started(name: string, stop: () => Promise<void> | void): void {
    this.#logger.debug({ part: name }, 'Started');
    this.#started.push({ name, stop });
  }

  /** A part that cannot go on says so here, and the process ends in order. The first reason counts. */
  fail(error: Error): void {
    this.#failed.abort(error);
  }

  /** Aborts when a part has failed; its reason is the error. */
  get failed(): AbortSignal {
    return this.#failed.signal;
  }

  async stop(): Promise<void> {
    for (let part = this.#started.pop(); part; part = this.#started.pop()) {
      try {
        await part.stop();
        this.#logger.debug({ part: part.name }, 'Stopped');
      } catch (error) {
        this.#logger.error({ err: error, part: part.name }, `${part.name} did not stop cleanly`);
      }
    }
  }
}

/** Runs `fn` and stops everything it started when it throws, so that a failed start leaves nothing running. */
export async function startAll<T>(lifecycle: Lifecycle, fn: () => Promise<T>): Promise<T> {
  try {
    return await fn();
  } catch (error) {
    await lifecycle.stop();
    throw error;
  }
}
