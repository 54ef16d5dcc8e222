import { clockTrouble, readClocks } from '../../../ground/calendar/clocks.ts';
import { healthRoutes, type Health } from '../../../contract/health.ts';
import { listCollections } from '../../../engine/collect/collections/read.ts';
import type { Context } from '../context.ts';
import { databaseDown } from './database-down.ts';
import { toCollectorError } from '../error.ts';
import { handlers } from '../handlers.ts';
import { overall, unknown, type Hop } from './hop.ts';
import { collectionsHop } from './collections-hop.ts';
import { amcHop, collectorHop, databaseHop, datasetsHop } from './hops.ts';
import { readability } from './readability.ts';
import { citusWorkers, databaseVersion, datasetStates } from './statements.ts';

const ALIVE: Hop = { hop: 'collector', status: 'ok', message: 'The collector answers.', remedy: null };
const UNSEEN: Hop[] = (['amc', 'datasets', 'collections'] as const).map((hop) => unknown(hop, 'Not known while the database is away.'));

/** Health answers 200 whenever the caller may know: what is wrong stands in the hops, each with what to do. */
export const healthHandlers = handlers(healthRoutes, {
  health: {
    handle: walk,
    withoutDatabase: ({ version, databaseServer }) => report(version, [ALIVE, databaseDown(databaseServer?.()), ...UNSEEN], null),
  },
});

async function walk(ctx: Context): Promise<Health> {
  const { version, store, databaseServer, catalogue, caller, scope, probe, logger } = ctx;
  const me = { workspace: caller.workspace, role: caller.role, person: caller.person };
  try {
    const [postgres, clocks, workers, unreadable, amc, datasets, collections] = await Promise.all([
      databaseVersion(store.pool),
      readClocks(store.pool),
      citusWorkers(store.pool),
      readability(store.pool, catalogue.datasets),
      amcHop(caller, probe),
      datasetStates(store.pool, scope),
      listCollections(ctx),
    ]);
    if (workers && workers.lost?.length !== 0)
      logger.warn({ workers: workers.lost ?? 'one that keeps silent' }, 'A worker of Citus does not answer.');
    return report(
      version,
      [
        collectorHop(version, caller, clockTrouble(clocks)),
        databaseHop(postgres, workers, unreadable),
        amc,
        datasetsHop(datasets, catalogue.datasets.length),
        collectionsHop(collections),
      ],
      me,
    );
  } catch (error) {
    if (toCollectorError(error).code !== 'database_unavailable') throw error;
    return report(version, [collectorHop(version, caller, null), databaseDown(databaseServer?.()), ...UNSEEN], me);
  }
}

const report = (version: string, hops: Hop[], caller: Health['caller']): Health => ({
  status: overall(hops),
  version,
  hops,
  caller,
});
