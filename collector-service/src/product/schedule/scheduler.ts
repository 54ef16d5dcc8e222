import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { TickDeps } from './context.ts';
import { tickDue } from './due.ts';
import { mendSchedules } from './mend.ts';
import { nextTickMs } from './statements/schedules.ts';

/** Longest sleep: a schedule that was made, edited or resumed meanwhile is seen by then. */
const LONGEST_SLEEP_MS = 15_000;
const SHORTEST_SLEEP_MS = 50;
const AFTER_DATABASE_ERROR_MS = 1_000;

/**
 * Makes ticks when they are due, until the signal aborts. Runs beside every worker, in any number of processes; the database decides
 * who makes which. A tick under way at the abort is rolled back and made by whoever runs next.
 */
export async function runScheduler(deps: TickDeps & { logger: Logger }, signal: AbortSignal): Promise<void> {
  const { logger, store } = deps;
  while (!signal.aborted) {
    let waitMs: number;
    try {
      await mendSchedules(deps);
      const ticked = await tickDue(deps, signal);
      if (ticked?.failure)
        logger.error({ err: ticked.failure, schedule: ticked.scheduleId }, 'A schedule could not tick; it is tried again.');
      else if (ticked) logger.info({ schedule: ticked.scheduleId }, 'A schedule ticked.');
      waitMs = ticked ? 0 : Math.max(SHORTEST_SLEEP_MS, Math.min(LONGEST_SLEEP_MS, (await nextTickMs(store.pool)) ?? LONGEST_SLEEP_MS));
    } catch (error) {
      if (signal.aborted) break;
      logger.warn({ err: error }, 'The database did not let schedules tick; trying again.');
      waitMs = AFTER_DATABASE_ERROR_MS;
    }
    if (waitMs > 0) await sleep(waitMs, undefined, { signal }).catch(() => undefined);
  }
}
