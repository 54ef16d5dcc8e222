import { setTimeout as sleep } from 'node:timers/promises';
import { isUnreachable } from '../../src/data/store/errors.ts';

const DEADLINE_MS = 60_000;

/** Tries again while PostgreSQL is down: the harness kills it and must live through that as its workers do. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const until = Date.now() + DEADLINE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const gone = isUnreachable(error) || (error as { code?: string }).code === 'database_unavailable';
      if (!gone || Date.now() > until) throw error;
      await sleep(50);
    }
  }
}
