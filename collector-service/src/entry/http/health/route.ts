import { healthSchema, type Health } from '../../../contract/resources.ts';
import type { HttpDeps } from '../deps.ts';
import { toCollectorError } from '../error.ts';
import { defineRoute, type Context } from '../route.ts';
import type { AmcProbe } from './amc-probe.ts';
import { overall, unknown, type Hop } from './hop.ts';
import { amcHop, collectionsHop, collectorHop, databaseDown, databaseHop, datasetsHop } from './hops.ts';
import { collectionStates, databaseVersion, datasetStates } from './statements.ts';

const ALIVE: Hop = { hop: 'collector', status: 'ok', message: 'The collector answers.', remedy: null };
const UNSEEN: Hop[] = (['amc', 'datasets', 'collections'] as const).map((hop) => unknown(hop, 'Not known while the database is away.'));

/** Health answers 200 whenever the caller may know: what is wrong stands in the hops, each with what to do. */
export const healthRoute = (probe: AmcProbe) =>
  defineRoute({
    name: 'health',
    summary: 'Every hop from here to Amazon: whether it works, and what to do if not',
    budget: 'read',
    status: 200,
    response: healthSchema,
    handle: (_input, context) => walk(context, probe),
    withoutDatabase: (deps) => report(deps, [ALIVE, databaseDown, ...UNSEEN], null),
  });

async function walk({ deps, caller, scope }: Context, probe: AmcProbe): Promise<Health> {
  const me = { workspace: caller.workspace, role: caller.role, person: caller.person };
  const collector = collectorHop(deps.version, caller);
  try {
    const [version, amc, datasets, collections, catalogue] = await Promise.all([
      databaseVersion(deps.pool),
      amcHop(caller, probe),
      datasetStates(deps.pool, scope),
      collectionStates(deps.pool, scope),
      deps.answers.catalogue(caller),
    ]);
    const known = catalogue.datasets.map((dataset) => dataset.name);
    return report(deps, [collector, databaseHop(version), amc, datasetsHop(datasets, known), collectionsHop(collections)], me);
  } catch (error) {
    if (toCollectorError(error).code !== 'database_unavailable') throw error;
    return report(deps, [collector, databaseDown, ...UNSEEN], me);
  }
}

const report = (deps: HttpDeps, hops: Hop[], caller: Health['caller']): Health => ({
  status: overall(hops),
  version: deps.version,
  hops,
  caller,
});
