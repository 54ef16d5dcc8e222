import { Router } from 'express';
import {
  findInstance,
  SANDBOX_ACCOUNT_ID,
  SANDBOX_ACCOUNT_NAME,
  SANDBOX_AWS_ACCOUNT_ID,
  SANDBOX_DATA_UPLOAD_AWS_ACCOUNT_ID,
  SANDBOX_INSTANCES,
  SANDBOX_MARKETPLACE_ID,
  type SandboxInstance,
} from '../account.ts';
import { AmcError } from './amc-error.ts';
import { answer, MEDIA } from './answer.ts';
import { page } from './page.ts';
import { first } from './query.ts';

/** Accounts, instances and advertisers (reference/amc.md §2). Reading only: the sandbox's instances are given. */
export function administrationRoutes(): Router {
  const router = Router();

  router.get('/accounts', (request, response) => {
    const accounts = [{ accountId: SANDBOX_ACCOUNT_ID, accountName: SANDBOX_ACCOUNT_NAME, marketplaceId: SANDBOX_MARKETPLACE_ID }];
    const { items, nextToken } = page(accounts, request.query);
    answer(response, { amcAccounts: items, nextToken }, MEDIA.accounts);
  });

  router.get('/instances', (request, response) => {
    const { items, nextToken } = page(SANDBOX_INSTANCES, request.query);
    answer(response, { instances: items.map(describe), nextToken }, MEDIA.instances);
  });

  router.get('/instances/:instanceId', (request, response) => {
    answer(response, { instance: describe(found(request.params.instanceId)) }, MEDIA.instances);
  });

  router.get('/instances/:instanceId/advertisers', (request, response) => {
    const instance = found(request.params.instanceId);
    const type = first(request.query.type);
    const advertisers = instance.advertisers.map((advertiser) => ({
      id: advertiser.entityId,
      name: advertiser.name,
      type: 'SPONSORED_ADS',
      marketplaceId: advertiser.marketplaceId,
      configuredAdvertiserTypes: instance.advertiserTypes,
    }));
    const chosen = advertisers.filter(
      (advertiser) => type === undefined || advertiser.configuredAdvertiserTypes.some((one) => one === type),
    );
    const { items, nextToken } = page(chosen, request.query);
    answer(response, { advertisers: items, nextToken, totalCount: chosen.length }, MEDIA.instances);
  });

  return router;
}

function found(id: string): SandboxInstance {
  const instance = findInstance(id);
  if (!instance) throw new AmcError(404, `Instance with ID ${id} not found.`);
  return instance;
}

const describe = (instance: SandboxInstance) => ({
  instanceId: instance.instanceId,
  instanceName: instance.instanceName,
  instanceType: 'STANDARD',
  customerCanonicalName: instance.instanceId,
  creationStatus: 'COMPLETED',
  creationDatetime: '2024-01-15T08:00:00Z',
  s3BucketName: `amc-${instance.instanceId}-sandbox`,
  s3BucketRegion: null,
  awsAccountId: SANDBOX_AWS_ACCOUNT_ID,
  dataUploadAwsAccountId: SANDBOX_DATA_UPLOAD_AWS_ACCOUNT_ID,
  apiEndpoint: `https://${instance.instanceId}.sandbox.invalid`,
  entities: instance.advertisers.map((advertiser) => advertiser.entityId),
  advertiserTypes: instance.advertiserTypes,
  acrCollaboration: null,
  optionalDatasets: [],
});
