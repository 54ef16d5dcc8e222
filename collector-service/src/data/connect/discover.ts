import type { AmcClient } from '../amc/client.ts';
import type { AmcInstanceRef } from '../amc/transport.ts';
import { MARKETPLACES } from '../../ground/marketplaces.ts';
import { CollectorError } from '../../contract/error.ts';

/** What Amazon tells about an instance, and what follows from it. */
export interface DiscoveredInstance {
  /** Amazon's name for it. */
  readonly name: string;
  /** DISPLAY, SPONSORED_ADS, SAS: decides which parts of a dataset's SQL apply. */
  readonly advertiserTypes: readonly string[];
  /** ISO 4217 codes of the advertisers' marketplaces and of the instance's own, sorted. */
  readonly currencies: readonly string[];
  /** The marketplace's zone: Amazon gives instances none. UTC for a marketplace we do not know. */
  readonly timeZone: string;
  readonly advertisers: number;
}

/** Statuses of an instance that is ready (reference/amc.md §2); Amazon may leave the status out. */
const READY = ['COMPLETED', 'SUCCEEDED', ''];

/** Asks Amazon about an instance. @throws CollectorError amc_not_ready while Amazon still makes it */
export async function discoverInstance(client: AmcClient, ref: AmcInstanceRef, signal: AbortSignal): Promise<DiscoveredInstance> {
  const instance = await client.instances.get(ref, signal);
  if (!READY.includes(instance.creationStatus)) {
    const failed = instance.creationStatus === 'FAILED';
    throw new CollectorError(
      'amc_not_ready',
      `AMC instance ${ref.instanceId} ${failed ? 'could not be made by Amazon; make another one in the AMC console' : `is still being made (${instance.creationStatus}); wait until it is COMPLETED`}.`,
      { kind: failed ? 'terminal' : 'transient' },
    );
  }
  const advertisers = await client.advertisers.list(ref, signal);
  const types =
    instance.advertiserTypes.length > 0
      ? instance.advertiserTypes
      : advertisers.map((advertiser) => advertiser.type).filter((type) => type !== '');
  const marketplaces = [ref.marketplaceId, ...advertisers.flatMap((advertiser) => advertiser.marketplaceId ?? [])];
  return {
    name: instance.instanceName || ref.instanceId,
    advertiserTypes: sortedSet(types),
    currencies: ownFirst(marketplaces.flatMap((id) => MARKETPLACES[id]?.currency ?? [])),
    timeZone: MARKETPLACES[ref.marketplaceId]?.timeZone ?? 'UTC',
    advertisers: advertisers.length,
  };
}

const sortedSet = (values: readonly string[]): string[] => [...new Set(values)].sort();

/** The instance's own currency, then the others by name: the order in which people are offered them. */
const ownFirst = ([own, ...others]: readonly string[]): string[] =>
  own === undefined ? [] : [own, ...sortedSet(others.filter((currency) => currency !== own))];
