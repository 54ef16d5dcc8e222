import type { Request } from 'express';
import { findInstance, SANDBOX_ACCOUNT_ID, SANDBOX_CLIENT_ID, SANDBOX_MARKETPLACE_ID, type SandboxInstance } from '../account.ts';
import type { SandboxContext } from '../context.ts';
import { AmcError } from './amc-error.ts';

/** Who asks: 401 for token and client, 403 for account and marketplace (reference/amc.md §1.2, §6). */
export function authorise(context: SandboxContext, request: Request): void {
  const token = /^Bearer\s+(.+)$/i.exec(request.get('authorization') ?? '')?.[1];
  if (!token) throw new AmcError(401, 'Missing Authentication Token');
  if (!context.tokens.isValid(token))
    throw new AmcError(
      context.behaviour.expiredTokenStatus,
      'Not authorized to access this resource. The access token is invalid or expired.',
    );
  if (request.get('amazon-advertising-api-clientid') !== SANDBOX_CLIENT_ID)
    throw new AmcError(401, 'Invalid Amazon-Advertising-API-ClientId header.');
  const path = request.originalUrl.replace(/\?.*$/, '');
  if (path.replace(/\/+$/, '') === '/amc/accounts') return;
  const account = request.get('amazon-advertising-api-advertiserid');
  const instance = findInstance(/^\/amc\/(?:reporting|instances)\/([^/]+)/.exec(path)?.[1] ?? '');
  if (account !== SANDBOX_ACCOUNT_ID && !instance?.advertisers.some((advertiser) => advertiser.entityId === account)) {
    throw new AmcError(
      403,
      `User does not have access to advertiser ${account ?? '(Amazon-Advertising-API-AdvertiserId header is missing)'}.`,
    );
  }
  const marketplace = request.get('amazon-advertising-api-marketplaceid');
  if (marketplace !== SANDBOX_MARKETPLACE_ID) {
    throw new AmcError(
      403,
      `User does not have access to marketplace ${marketplace ?? '(Amazon-Advertising-API-MarketplaceId header is missing)'}.`,
    );
  }
}

/** An instance that is not the caller's looks the same as none (observed: 403). */
export function instanceOf(request: Request): SandboxInstance {
  const id = String(request.params.instanceId);
  const instance = findInstance(id);
  if (!instance) throw new AmcError(403, `User does not have access to instance ${id}.`);
  return instance;
}
