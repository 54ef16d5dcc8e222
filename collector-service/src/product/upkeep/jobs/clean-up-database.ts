import { z } from 'zod';
import { defineJob } from '../../../ground/jobs/job.ts';
import { cleanUp, CLEAN_UPS, type CleanedUp } from '../clean-up.ts';
import type { UpkeepDeps } from '../context.ts';
import { selectWorkspaceIds } from '../statements/workspaces.ts';

/** The spool folder is each machine's own (keep-spool-clean.ts). */
const IN_THE_DATABASE = CLEAN_UPS.filter((what) => what !== 'spool');

/** Cleans up the database of every workspace once a day. Drops no table. */
export const cleanUpDatabase = defineJob({
  name: 'upkeep.clean-up-database',
  data: z.object({}),
  cron: '23 3 * * *',
  retry: { limit: 3, firstAfterSeconds: 300, atMostSeconds: 3_600 },
  timeoutSeconds: 6 * 3_600,
  handle: async (_, deps: UpkeepDeps, { signal, logger }) => {
    const removed: CleanedUp[] = [];
    for (const workspaceId of await selectWorkspaceIds(deps.store.pool)) {
      const ctx = { ...deps, logger, scope: { workspaceId, instanceIds: null }, actor: 'upkeep', signal };
      removed.push(...(await cleanUp(ctx, { only: IN_THE_DATABASE, dryRun: false })));
    }
    const gone = removed.filter(({ rows }) => rows > 0);
    if (gone.length > 0) logger.info({ removed: gone }, 'Cleaned up.');
    return { removed: gone };
  },
});
