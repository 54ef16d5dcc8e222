import { healthRoutes, type Health } from '../../../contract/health.ts';
import type { Context } from '../context.ts';
import { databaseDown } from './database-down.ts';
import { toCollectorError } from '../error.ts';
import { handlers } from '../handlers.ts';
import { overall, unknown, type Hop } from './hop.ts';
import { amcHop, collectionsHop, collectorHop, databaseHop, datasetsHop } from './hops.ts';
import { collectionStates, databaseVersion, datasetStates } from './statements.ts';

const ALIVE: Hop = { hop: 'collector', status: 'ok', message: 'The collector answers.', remedy: null };
const UNSEEN: Hop[] = (['amc', 'datasets', 'collections'] as const).map((hop) => unknown(hop, 'Not known while the database is away.'));

/** Health answers 200 whenever the caller may know: what is wrong stands in the hops, each with what to do. */
export const healthHandlers = handlers(healthRoutes, {
  health: {
    handle: walk,
    withoutDatabase: ({ version, databaseServer }) => report(version, [ALIVE, databaseDown(databaseServer?.()), ...UNSEEN], null),
  },
});

async function walk({ version, store, databaseServer, catalogue, caller, scope, probe }: Context): Promise<Health> {
  const me = { workspace: caller.workspace, role: caller.role, person: caller.person };
  const collector = collectorHop(version, caller);
  try {
    const [postgres, amc, datasets, collections] = await Promise.all([
      databaseVersion(store.pool),
      amcHop(caller, probe),
      datasetStates(store.pool, scope),
      collectionStates(store.pool, scope),
    ]);
    return report(
      version,
      [collector, databaseHop(postgres), amc, datasetsHop(datasets, catalogue.datasets.length), collectionsHop(collections)],
      me,
    );
  } catch (error) {
    if (toCollectorError(error).code !== 'database_unavailable') throw error;
    return report(version, [collector, databaseDown(databaseServer?.()), ...UNSEEN], me);
  }
}

const report = (version: string, hops: Hop[], caller: Health['caller']): Health => ({
  status: overall(hops),
  version,
  hops,
  caller,
});
