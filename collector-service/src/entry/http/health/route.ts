import { clockTrouble, readClocks } from '../../../ground/calendar/clocks.ts';
import { healthRoutes, type Health } from '../../../contract/health.ts';
import type { Context } from '../context.ts';
import { toCollectorError } from '../error.ts';
import { handlers } from '../handlers.ts';
import { overall, unknown, type Hop } from './hop.ts';
import { amcHop, collectionsHop, collectorHop, databaseDown, databaseHop, datasetsHop } from './hops.ts';
import { collectionStates, databaseVersion, datasetStates } from './statements.ts';

const ALIVE: Hop = { hop: 'collector', status: 'ok', message: 'The collector answers.', remedy: null };
const UNSEEN: Hop[] = (['amc', 'datasets', 'collections'] as const).map((hop) => unknown(hop, 'Not known while the database is away.'));

/** Health answers 200 whenever the caller may know: what is wrong stands in the hops, each with what to do. */
export const healthHandlers = handlers(healthRoutes, {
  health: {
    handle: walk,
    withoutDatabase: ({ version }) => report(version, [ALIVE, databaseDown, ...UNSEEN], null),
  },
});

async function walk({ version, store, catalogue, caller, scope, probe }: Context): Promise<Health> {
  const me = { workspace: caller.workspace, role: caller.role, person: caller.person };
  try {
    const [postgres, clocks, amc, datasets, collections] = await Promise.all([
      databaseVersion(store.pool),
      readClocks(store.pool),
      amcHop(caller, probe),
      datasetStates(store.pool, scope),
      collectionStates(store.pool, scope),
    ]);
    return report(
      version,
      [
        collectorHop(version, caller, clockTrouble(clocks)),
        databaseHop(postgres),
        amc,
        datasetsHop(datasets, catalogue.datasets.length),
        collectionsHop(collections),
      ],
      me,
    );
  } catch (error) {
    if (toCollectorError(error).code !== 'database_unavailable') throw error;
    return report(version, [collectorHop(version, caller, null), databaseDown, ...UNSEEN], me);
  }
}

const report = (version: string, hops: Hop[], caller: Health['caller']): Health => ({
  status: overall(hops),
  version,
  hops,
  caller,
});
