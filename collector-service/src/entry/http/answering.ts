import type { Caller } from '../../engine/access/caller.ts';
import type { Instance } from '../../contract/resources.ts';
import { answer, type QueryDeps } from '../../engine/query/ask/ask.ts';
import { dimensionValues } from '../../engine/query/values/dimension-values.ts';
import type { Answers } from './deps.ts';

/** query/ and catalogue/ in the form that the routes use. */
export const answersOf = (deps: QueryDeps): Answers => ({
  query: (caller, request, signal) => answer(deps, caller, request, signal),
  catalogue: (caller) => deps.catalogue.toContract(instancesOf(caller)),
  dimensionValues: (caller, request, signal) => dimensionValues(deps, caller, request, signal),
});

const instancesOf = (caller: Caller): Instance[] =>
  caller.instances.map(({ amcInstanceId, name, connection, marketplaceId, timeZone, advertiserTypes, currencies }) => ({
    instance: amcInstanceId,
    name,
    connection,
    marketplaceId,
    timeZone,
    advertiserTypes: [...advertiserTypes],
    currencies: [...currencies],
  }));
