import type { CollectDeps } from './deps.ts';
import { clockTrouble, noteTime, readClocks } from '../../ground/calendar/clocks.ts';
import { wakeWorkers } from '../../ground/outbox/announce.ts';
import { mendDates } from './statements/mend-dates.ts';

/** A step of the clock is what was seen only after it has lasted so long: a clock that was wrong for a minute leaves no trace. */
const STEP_MS = 3_600_000;
const LASTED_MS = 10 * 60_000;

/**
 * Looks at the clocks now and then: notes the time while they agree, says so once when they do not (any more), and then brings what
 * was dated by a clock that was ahead back to now, so that no week waits for years.
 */
export function createClockWatch({ store, logger }: Pick<CollectDeps, 'store' | 'logger'>): () => Promise<void> {
  let told: string | null = null;
  let steppedAt: number | undefined;
  return async () => {
    const clocks = await readClocks(store.pool);
    const trouble = clockTrouble(clocks);
    if (trouble !== null) {
      if (told === null) logger.error({ ...clocks }, trouble);
      told = trouble;
      steppedAt = undefined;
      return;
    }
    const mended = await store.transaction(mendDates);
    if (mended > 0) logger.warn({ rows: mended }, 'Dates that a wrong clock had set into the future are brought back to now.');
    if (told !== null || mended > 0) {
      if (told !== null) logger.warn('The clocks agree again; buying goes on.');
      await wakeWorkers(store.pool);
    }
    told = null;
    const stepped = clocks.database.getTime() - clocks.seen.getTime() > STEP_MS;
    steppedAt = stepped ? (steppedAt ?? performance.now()) : undefined;
    if (steppedAt === undefined || performance.now() - steppedAt >= LASTED_MS) await noteTime(store.pool);
  };
}
