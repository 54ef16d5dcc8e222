import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { cleanUp, CLEAN_UPS, type CleanedUp, type CleanUpDeps } from './clean-up.ts';
import { claimTask, finishTask, selectWorkspaceIds } from './statements/claims.ts';

/** How often a process looks whether the day's clean-up has been done. */
const LOOK_EVERY_MS = 900_000;
const TASK = 'clean-up';
/** A little less than a day, so that it does not wander round the clock. */
const EVERY_HOURS = 23.5;

/**
 * Cleans up once a day until the signal aborts: each process the spool folder of its machine, and one process of all, whoever claims the
 * day's row first, the database of every workspace. Drops no table. A failure is logged and left for the next day.
 */
export async function runDailyCleanUp(deps: CleanUpDeps & { logger: Logger }, signal: AbortSignal, everyMs = LOOK_EVERY_MS): Promise<void> {
  let spoolAt = 0;
  while (!signal.aborted) {
    try {
      const claimed = await deps.store.transaction((tx) => claimTask(tx, TASK, EVERY_HOURS));
      const cleanSpool = performance.now() >= spoolAt;
      if (cleanSpool) spoolAt = performance.now() + EVERY_HOURS * 3_600_000;
      if (claimed || cleanSpool) await cleanAll(deps, claimed, cleanSpool, signal);
    } catch (error) {
      if (!signal.aborted) deps.logger.warn({ err: error }, 'The daily clean-up did not get through; it is tried again tomorrow.');
    }
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
  }
}

async function cleanAll(deps: CleanUpDeps & { logger: Logger }, claimed: boolean, spool: boolean, signal: AbortSignal): Promise<void> {
  const only = CLEAN_UPS.filter((what) => (what === 'spool' ? spool : claimed));
  const removed: CleanedUp[] = [];
  for (const [index, workspaceId] of (await selectWorkspaceIds(deps.store.pool)).entries()) {
    // The spool folder is the machine's, not a workspace's: once is enough.
    const asked = only.filter((what) => what !== 'spool' || index === 0);
    removed.push(...(await cleanUp(deps, { workspaceId, only: asked, dryRun: false, person: 'upkeep' }, signal)));
  }
  const gone = removed.filter(({ rows }) => rows > 0);
  if (gone.length > 0) deps.logger.info({ removed: gone }, 'Cleaned up.');
  if (claimed) await deps.store.transaction((tx) => finishTask(tx, TASK, gone));
}
