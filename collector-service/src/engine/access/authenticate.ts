import { ISO_CALENDAR } from '../../ground/calendar/reporting-calendar.ts';
import type { IncomingHttpHeaders } from 'node:http';
import type pg from 'pg';
import type { Secret } from '../../ground/secret.ts';
import { CollectorError } from '../../contract/error.ts';
import type { Caller, CallerInstance, GrafanaIdentitySettings, VerifiedPerson } from './caller.ts';
import { findToken, type TokenOwner } from './find-token.ts';
import type { IdentityVerifier } from './grafana-identity.ts';
import { permitted, type Permitted, type ScopeGrant } from './scope.ts';
import { isPlausibleToken, tokenHash } from './secret-token.ts';
import type { TeamMembership } from './teams.ts';

export interface Authenticator {
  /**
   * Who asks. Nothing but `Authorization` and a signed `X-Grafana-Id` is believed: X-Grafana-User, X-WEBAUTH-USER and their like are not read.
   * A presented X-Grafana-Id that is not valid is an error, never a silent fall back to the token's role.
   * @throws CollectorError unauthenticated, identity_unavailable
   */
  authenticate(headers: IncomingHttpHeaders): Promise<Caller>;
  /**
   * For a caller who stays connected: what it may see now, or null when its token has ended. The person is believed as verified when
   * the connection began, since Grafana's token lives ten minutes; grants and teams are looked up anew.
   * @throws CollectorError identity_unavailable
   */
  currentScope(headers: IncomingHttpHeaders, verified: VerifiedPerson | null): Promise<readonly CallerInstance[] | null>;
}

export interface AuthenticatorDeps {
  readonly pool: pg.Pool;
  readonly verify: IdentityVerifier;
  /** How a person's teams are known; without it, grants to teams shut everybody out. */
  readonly teams?: { readonly includes: TeamMembership; readonly tokenOf: (workspaceId: string) => Promise<Secret | null> };
}

export function createAuthenticator(deps: AuthenticatorDeps): Authenticator {
  const ownerOf = (headers: IncomingHttpHeaders): Promise<TokenOwner | undefined> => {
    const token = bearerToken(headers);
    return isPlausibleToken(token) ? findToken(deps.pool, tokenHash(token)) : Promise.resolve(undefined);
  };

  return {
    async authenticate(headers) {
      const owner = await ownerOf(headers);
      if (!owner)
        throw new CollectorError(
          'unauthenticated',
          'The bearer token is not known, or was revoked. Put a valid one into the data source settings, or make a new one.',
        );
      const grafana = grafanaOf(owner);
      const identity = headers['x-grafana-id'];
      const verified = grafana && identity !== undefined ? await deps.verify(String(identity), grafana) : null;
      const person = verified?.person ?? null;
      const allowed = await allowedTo(deps, owner, verified);
      return {
        workspaceId: owner.workspace_id,
        workspace: owner.workspace,
        tokenId: owner.token_id,
        tokenName: owner.token_name,
        role: allowed.role,
        person,
        actor: person ?? `token:${owner.token_name}`,
        calendar: owner.calendar ?? ISO_CALENDAR,
        instances: allowed.instances,
        wholeWorkspace: !owner.limited && allowed.everything,
        verified,
        grafana,
      };
    },
    async currentScope(headers, verified) {
      const owner = await ownerOf(headers);
      return owner ? (await allowedTo(deps, owner, verified)).instances : null;
    },
  };
}

/** Without a verified person the token speaks for itself: alert rules and public dashboards carry none (design: identity). */
async function allowedTo(deps: AuthenticatorDeps, owner: TokenOwner, verified: VerifiedPerson | null): Promise<Permitted> {
  if (!verified) return { instances: owner.instances, role: owner.role, everything: true };
  return permitted(owner.grants, verified, owner.instances, await teamsOf(deps, owner, verified));
}

/** The team grants whose team the person belongs to. */
async function teamsOf({ teams }: AuthenticatorDeps, owner: TokenOwner, { userIds }: VerifiedPerson): Promise<ReadonlySet<ScopeGrant>> {
  const grants = owner.grants.filter(({ kind }) => kind === 'team');
  const fitting = new Set<ScopeGrant>();
  if (grants.length === 0 || userIds.length === 0) return fitting;
  const apiUrl = owner.grafana_api_url;
  if (!teams || apiUrl === null || !owner.has_grafana_token) throw teamsUnknown(owner.workspace);
  const token = async () => {
    const secret = await teams.tokenOf(owner.workspace_id);
    if (!secret) throw teamsUnknown(owner.workspace);
    return secret.reveal();
  };
  const source = { workspaceId: owner.workspace_id, apiUrl, token };
  await Promise.all(
    grants.map(async (grant) => {
      if (await teams.includes(source, grant.subject, userIds)) fitting.add(grant);
    }),
  );
  return fitting;
}

const teamsUnknown = (workspace: string) =>
  new CollectorError(
    'identity_unavailable',
    `Grants to Grafana teams decide what you may see, and the workspace "${workspace}" has no access to Grafana's teams. Set GRAFANA_URL and GRAFANA_SERVICE_ACCOUNT_TOKEN.`,
    { kind: 'terminal' },
  );

function bearerToken(headers: IncomingHttpHeaders): string {
  const token = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined)
    throw new CollectorError('unauthenticated', 'A bearer token is needed: send the header "Authorization: Bearer <token>".');
  return token;
}

const grafanaOf = (owner: TokenOwner): GrafanaIdentitySettings | null =>
  owner.grafana_issuer !== null && owner.grafana_keys_url !== null
    ? { issuer: owner.grafana_issuer, keysUrl: owner.grafana_keys_url, orgs: owner.grafana_orgs }
    : null;
