import { createRemoteJWKSet, errors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose';
import { CollectorError } from '../../contract/error.ts';
import type { Role } from '../../contract/route.ts';
import type { GrafanaIdentitySettings, VerifiedPerson } from './caller.ts';

/** @throws CollectorError unauthenticated (401, with what to configure) or identity_unavailable (503, Grafana's keys cannot be read) */
export type IdentityVerifier = (token: string, settings: GrafanaIdentitySettings) => Promise<VerifiedPerson>;

/** Clocks of two machines differ a little; Grafana's tokens live ten minutes (reference/grafana.md §9). */
const SKEW_SECONDS = 30;
const KEYS = {
  /** Deadline of one fetch of the key set. */
  timeoutDuration: 3_000,
  /** After a fetch, an unknown key id asks again no sooner: forged tokens must not make us hammer Grafana. */
  cooldownDuration: 30_000,
  cacheMaxAge: 600_000,
};

/**
 * Verifies the X-Grafana-Id tokens that Grafana signs for its users (reference/grafana.md §2.4, §9): ES256 and nothing else,
 * the workspace's issuer with or without a final slash, one of its organisations as audience, not expired.
 * Key sets are fetched when first needed and kept per URL.
 */
export function createIdentityVerifier(): IdentityVerifier {
  const keySets = new Map<string, JWTVerifyGetKey>();
  const keysOf = (url: string): JWTVerifyGetKey => {
    const known = keySets.get(url) ?? createRemoteJWKSet(new URL(url), KEYS);
    keySets.set(url, known);
    return known;
  };

  return async (token, settings) => {
    const payload = await verifySignature(token, keysOf(settings.keysUrl), settings);
    checkIssuer(payload, settings);
    checkOrganisation(payload, settings);
    return readPerson(payload);
  };
}

async function verifySignature(token: string, keys: JWTVerifyGetKey, settings: GrafanaIdentitySettings): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['ES256'],
      clockTolerance: SKEW_SECONDS,
      requiredClaims: ['exp', 'sub', 'aud', 'iss'],
    });
    return payload;
  } catch (error) {
    throw explain(error, settings);
  }
}

function explain(error: unknown, settings: GrafanaIdentitySettings): CollectorError {
  if (error instanceof errors.JWTExpired)
    return refused('it has expired. Reload the page; if that does not help, compare the clocks of Grafana and the collector.');
  if (error instanceof errors.JWTClaimValidationFailed) return refused(`its claim "${error.claim}" is missing or not acceptable.`);
  if (error instanceof errors.JOSEAlgNotAllowed) return refused('it is not signed with ES256, as Grafana signs.');
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return refused(
      `its key is not among those at ${settings.keysUrl}. GRAFANA_KEYS_URL must be the /api/signing-keys/keys of the Grafana that signed it.`,
    );
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return refused('its signature is wrong.');
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid || error instanceof errors.JOSENotSupported) {
    return refused('it is not a token that Grafana makes.');
  }
  return new CollectorError(
    'identity_unavailable',
    `Grafana's signing keys cannot be read at ${settings.keysUrl}. Check that the collector reaches this address (GRAFANA_KEYS_URL), and that Grafana runs.`,
    { cause: error },
  );
}

function checkIssuer(payload: JWTPayload, settings: GrafanaIdentitySettings): void {
  if (withoutFinalSlash(payload.iss ?? '') === withoutFinalSlash(settings.issuer)) return;
  throw refused(
    `it was issued by "${shortened(payload.iss)}", but the workspace expects "${settings.issuer}". Set GRAFANA_ISSUER to Grafana's root_url.`,
  );
}

function checkOrganisation(payload: JWTPayload, settings: GrafanaIdentitySettings): void {
  const audiences = Array.isArray(payload.aud) ? payload.aud : [payload.aud];
  if (settings.orgs.some((org) => audiences.includes(`org:${org}`))) return;
  throw refused(
    `it is meant for "${shortened(audiences.join(', '))}", but the workspace admits ${settings.orgs.map((org) => `org:${org}`).join(', ') || 'no organisation'}. Add the id to GRAFANA_ORGS to let its people in.`,
  );
}

/** Only users act as themselves; anonymous visitors, service accounts and whatever Grafana invents later count as Viewer (design.md §5). */
function readPerson(payload: JWTPayload): VerifiedPerson {
  const subject = payload.sub ?? '';
  const [kind, id] = subject.split(':', 2);
  if (kind === 'anonymous') return { person: null, role: 'Viewer', subject, names: [], userIds: [] };
  const person = text(payload.username) ?? text(payload.email) ?? payload.sub ?? null;
  const verifiedMail = payload.email_verified === true ? text(payload.email) : undefined;
  return {
    person,
    role: kind === 'user' ? readRole(payload.role) : 'Viewer',
    subject,
    names: [subject, text(payload.username), verifiedMail].filter((name) => name !== undefined),
    userIds: kind === 'user' ? [id, text(payload.identifier)].filter((each) => each !== undefined && each !== '').map(String) : [],
  };
}

const readRole = (role: unknown): Role => (role === 'Admin' || role === 'Editor' ? role : 'Viewer');
const text = (claim: unknown): string | undefined => (typeof claim === 'string' && claim !== '' ? claim : undefined);
const withoutFinalSlash = (url: string): string => url.replace(/\/$/, '');
const shortened = (claim: unknown): string => String(claim).slice(0, 200);

const refused = (reason: string) => new CollectorError('unauthenticated', `The X-Grafana-Id token was refused: ${reason}`);
