import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import type { GrafanaIdentitySettings } from '@amc-reports/collector-service/engine/access/caller.ts';

/** What stands for Grafana here: a key set over HTTP and tokens signed with its key, claims as Grafana 12.3.0 sends them. */
export interface TestGrafana {
  readonly settings: GrafanaIdentitySettings;
  /** Requests for the key set so far. */
  readonly fetches: () => number;
  /** Root URL of its API for teams, the service account's token it accepts, and its teams: id, name, Grafana's ids of the members. */
  readonly apiUrl: string;
  readonly serviceToken: string;
  readonly teams: { id: number; name: string; members: number[] }[];
  /** Requests about teams so far. */
  readonly teamRequests: () => number;
  /** What happens to requests about teams from now on: an HTTP status, no answer at all, or null for the truth. */
  teamFault(fault: number | 'silence' | null): void;
  /** Public key, as the key set shows it. */
  readonly publicJwk: Record<string, unknown>;
  sign(claims?: JWTPayload, options?: SignOptions): Promise<string>;
  /** A key of its own that the key set does not hold. */
  foreignKey(): Promise<CryptoKey>;
  close(): Promise<void>;
}

export interface SignOptions {
  readonly key?: CryptoKey | Uint8Array;
  readonly alg?: string;
  readonly kid?: string;
  /** Seconds from now; ten minutes unless told. */
  readonly expiresIn?: number;
}

const KID = 'default-2026-11';
const SERVICE_TOKEN = 'glsa_test_service_account_token_0000';

export async function startTestGrafana(): Promise<TestGrafana> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const publicJwk = { ...(await exportJWK(publicKey)), kid: KID, alg: 'ES256', use: 'sig' };
  let fetches = 0;
  let teamRequests = 0;
  let fault: number | 'silence' | null = null;
  const teams: TestGrafana['teams'] = [];
  const server = createServer((req, res) => {
    const url = new URL(req.url!, 'http://grafana');
    res.setHeader('Content-Type', 'application/json');
    if (!url.pathname.startsWith('/api/teams/')) {
      fetches++;
      return void res.end(JSON.stringify({ keys: [publicJwk] }));
    }
    teamRequests++;
    if (fault === 'silence') return;
    if (fault !== null) return void res.writeHead(fault).end('{}');
    if (req.headers.authorization !== `Bearer ${SERVICE_TOKEN}`) return void res.writeHead(401).end('{}');
    const members = /^\/api\/teams\/(\d+)\/members$/.exec(url.pathname);
    if (!members)
      return void res.end(JSON.stringify({ teams: teams.filter(({ name }) => name.includes(url.searchParams.get('name') ?? '')) }));
    const team = teams.find(({ id }) => id === Number(members[1]));
    if (!team) return void res.writeHead(404).end('{"message":"Team not found"}');
    res.end(JSON.stringify(team.members.map((userId) => ({ userId, userUID: `uid${userId}`, login: `login${userId}` }))));
  });
  const port = await listen(server);
  const issuer = 'http://grafana.example:3000';
  return {
    settings: { issuer, keysUrl: `http://127.0.0.1:${port}/api/signing-keys/keys`, orgs: [1, 7] },
    fetches: () => fetches,
    apiUrl: `http://127.0.0.1:${port}`,
    serviceToken: SERVICE_TOKEN,
    teams,
    teamRequests: () => teamRequests,
    teamFault: (next) => void (fault = next),
    publicJwk,
    sign: (claims = {}, options = {}) =>
      new SignJWT({ iss: `${issuer}/`, aud: 'org:1', sub: 'user:1', role: 'Admin', email: 'ada@example.com', username: 'ada', ...claims })
        .setProtectedHeader({ alg: options.alg ?? 'ES256', kid: options.kid ?? KID, typ: 'jwt' })
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + (options.expiresIn ?? 600))
        .sign(options.key ?? privateKey),
    foreignKey: async () => (await generateKeyPair('ES256')).privateKey,
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  };
}

const listen = (server: Server) =>
  new Promise<number>((resolve) => server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)));
