import { setTimeout as sleep } from 'node:timers/promises';
import { cleanUp } from './clean-up.ts';
import type { UpkeepDeps } from './context.ts';
import { selectWorkspaceIds } from './statements/workspaces.ts';

const EVERY_MS = 24 * 3_600_000;

/**
 * Cleans the spool folder at once and then once a day, until the signal aborts. No job of the database's (ground/jobs): the folder is this
 * machine's, and whoever takes a job may be another one. A failure is logged and left for the next day.
 */
export async function keepSpoolClean(deps: UpkeepDeps, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      // Of no workspace, but what is removed is on record somewhere.
      const [workspaceId] = await selectWorkspaceIds(deps.store.pool);
      if (workspaceId !== undefined) {
        const ctx = { ...deps, scope: { workspaceId, instanceIds: null }, actor: 'upkeep', signal };
        await cleanUp(ctx, { only: ['spool'], dryRun: false });
      }
    } catch (error) {
      if (!signal.aborted) deps.logger.warn({ err: error }, 'The spool folder could not be cleaned; it is tried again tomorrow.');
    }
    await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
