import type { IncomingHttpHeaders } from 'node:http';
import type pg from 'pg';
import { CollectorError } from '../contract/error.ts';
import type { Caller, CallerInstance, GrafanaIdentitySettings } from './caller.ts';
import { findToken, type TokenOwner } from './find-token.ts';
import type { IdentityVerifier } from './grafana-identity.ts';
import { isPlausibleToken, tokenHash } from './secret-token.ts';

export interface Authenticator {
  /**
   * Who asks. Nothing but `Authorization` and a signed `X-Grafana-Id` is believed: X-Grafana-User, X-WEBAUTH-USER and their like are not read.
   * A presented X-Grafana-Id that is not valid is an error, never a silent fall back to the token's role.
   * @throws CollectorError unauthenticated, identity_unavailable
   */
  authenticate(headers: IncomingHttpHeaders): Promise<Caller>;
  /** For a caller who stays connected: what it may see now, or null when its token has ended. */
  currentScope(headers: IncomingHttpHeaders): Promise<readonly CallerInstance[] | null>;
}

export function createAuthenticator(deps: { readonly pool: pg.Pool; readonly verify: IdentityVerifier }): Authenticator {
  const ownerOf = (headers: IncomingHttpHeaders): Promise<TokenOwner | undefined> => {
    const token = bearerToken(headers);
    return isPlausibleToken(token) ? findToken(deps.pool, tokenHash(token)) : Promise.resolve(undefined);
  };

  return {
    async authenticate(headers) {
      const owner = await ownerOf(headers);
      if (!owner)
        throw unauthenticated(
          'The bearer token is not known, or was revoked. Put a valid one into the data source settings, or make a new one.',
        );
      const grafana = grafanaOf(owner);
      const identity = headers['x-grafana-id'];
      const verified = grafana && identity !== undefined ? await deps.verify(String(identity), grafana) : null;
      const person = verified?.person ?? null;
      return {
        workspaceId: owner.workspace_id,
        workspace: owner.workspace,
        tokenId: owner.token_id,
        tokenName: owner.token_name,
        role: verified?.role ?? owner.role,
        person,
        actor: person ?? `token:${owner.token_name}`,
        instances: owner.instances,
        grafana,
      };
    },
    async currentScope(headers) {
      return (await ownerOf(headers))?.instances ?? null;
    },
  };
}

function bearerToken(headers: IncomingHttpHeaders): string {
  const token = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) throw unauthenticated('A bearer token is needed: send the header "Authorization: Bearer <token>".');
  return token;
}

const grafanaOf = (owner: TokenOwner): GrafanaIdentitySettings | null =>
  owner.grafana_issuer !== null && owner.grafana_keys_url !== null
    ? { issuer: owner.grafana_issuer, keysUrl: owner.grafana_keys_url, orgs: owner.grafana_orgs }
    : null;

const unauthenticated = (message: string) => new CollectorError(message, { code: 'unauthenticated', kind: 'terminal', status: 401 });
