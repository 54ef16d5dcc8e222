import { MARKETPLACES } from '@amc-reports/collector-service/ground/marketplaces.ts';

/**
 * Who lives in the sandbox: one Login-with-Amazon client, one AMC account, two instances, four advertisers.
 * These are public constants, not secrets: the sandbox guards nothing but synthetic events.
 */
export const SANDBOX_CLIENT_ID = 'amzn1.application-oa2-client.sandbox';
export const SANDBOX_CLIENT_SECRET = 'amzn1.oa2-cs.v1.sandbox';
export const SANDBOX_REFRESH_TOKEN = 'Atzr|sandbox';
export const SANDBOX_ACCOUNT_ID = 'ENTITYSANDBOX';
export const SANDBOX_ACCOUNT_NAME = 'AMC Reports Sandbox';
/** AWS accounts beside every instance, plainly made up: Amazon's own and the one it reads uploads from. */
export const SANDBOX_AWS_ACCOUNT_ID = '111111111111';
export const SANDBOX_DATA_UPLOAD_AWS_ACCOUNT_ID = '222222222222';
export const SANDBOX_MARKETPLACE_ID = 'ATVPDKIKX0DER';
export const SANDBOX_INSTANCE_ID = 'amcsandbox1';
/** Sponsored ads only: it has no dsp_* tables, as Amazon leaves them out of such instances. */
export const SANDBOX_SPONSORED_INSTANCE_ID = 'amcsandbox2';

export interface SandboxAdvertiser {
  /** 1 to 4: the key of the base tables. */
  readonly key: number;
  readonly name: string;
  /** Sponsored-ads entity, the id in the advertiser list. */
  readonly entityId: string;
  readonly dspAdvertiserId: string;
  readonly marketplaceId: string;
}

export const SANDBOX_ADVERTISERS: readonly SandboxAdvertiser[] = [
  { key: 1, name: 'Kestrel Outdoor', entityId: 'ENTITYKESTREL01', dspAdvertiserId: '580011223344550', marketplaceId: 'ATVPDKIKX0DER' },
  { key: 2, name: 'Luma Home & Kitchen', entityId: 'ENTITYLUMA02', dspAdvertiserId: '580011223344551', marketplaceId: 'ATVPDKIKX0DER' },
  {
    key: 3,
    name: 'Northwind Toys, Inc.',
    entityId: 'ENTITYNORTHWIND03',
    dspAdvertiserId: '580011223344552',
    marketplaceId: 'ATVPDKIKX0DER',
  },
  { key: 4, name: 'Bärenfels Küche GmbH', entityId: 'ENTITYBAEREN04', dspAdvertiserId: '580011223344553', marketplaceId: 'A1PA6795UKMFR9' },
];

export const marketplaceOf = (advertiser: SandboxAdvertiser) => {
  const marketplace = MARKETPLACES[advertiser.marketplaceId];
  if (!marketplace) throw new Error(`The sandbox knows no marketplace ${advertiser.marketplaceId}`);
  return marketplace;
};

export type AdvertiserType = 'DISPLAY' | 'SPONSORED_ADS';

export interface SandboxInstance {
  readonly instanceId: string;
  readonly instanceName: string;
  readonly advertiserTypes: readonly AdvertiserType[];
  readonly advertisers: readonly SandboxAdvertiser[];
}

export const SANDBOX_INSTANCES: readonly SandboxInstance[] = [
  {
    instanceId: SANDBOX_INSTANCE_ID,
    instanceName: 'Sandbox one',
    advertiserTypes: ['DISPLAY', 'SPONSORED_ADS'],
    advertisers: SANDBOX_ADVERTISERS,
  },
  {
    instanceId: SANDBOX_SPONSORED_INSTANCE_ID,
    instanceName: 'Sandbox two sponsored ads only',
    advertiserTypes: ['SPONSORED_ADS'],
    advertisers: SANDBOX_ADVERTISERS.filter((advertiser) => advertiser.key === 2 || advertiser.key === 3),
  },
];

const only = (...keys: number[]) => SANDBOX_ADVERTISERS.filter((advertiser) => keys.includes(advertiser.key));

/** Three more that answer like the others but are on no list: for tests that need many instances at once. */
export const SANDBOX_UNLISTED_INSTANCES: readonly SandboxInstance[] = [
  { instanceId: 'amcsandbox3', instanceName: 'Sandbox three', advertiserTypes: ['DISPLAY', 'SPONSORED_ADS'], advertisers: only(1) },
  { instanceId: 'amcsandbox4', instanceName: 'Sandbox four', advertiserTypes: ['DISPLAY', 'SPONSORED_ADS'], advertisers: only(2, 4) },
  { instanceId: 'amcsandbox5', instanceName: 'Sandbox five', advertiserTypes: ['SPONSORED_ADS'], advertisers: only(1, 3) },
];

export const findInstance = (instanceId: string): SandboxInstance | undefined =>
  [...SANDBOX_INSTANCES, ...SANDBOX_UNLISTED_INSTANCES].find((instance) => instance.instanceId === instanceId);
