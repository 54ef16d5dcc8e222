import type { Caller } from '../../engine/access/caller.ts';
import type { Instance } from '../../contract/resources.ts';
import { ask, dimensionValues, responseOf, type QueryParts } from '../../engine/query/index.ts';
import type { Answers } from './deps.ts';

/** query/ and catalogue/ in the form that the routes use. */
export const answersOf = (parts: QueryParts): Answers => ({
  query: async (caller, request, signal) => responseOf(await ask({ ...parts, scope: caller }, request, signal)),
  catalogue: (caller) => parts.catalogue.toContract(instancesOf(caller)),
  dimensionValues: (caller, request, signal) => dimensionValues({ ...parts, scope: caller }, request, signal),
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
