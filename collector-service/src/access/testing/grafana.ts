import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWTPayload } from 'jose';
import type { GrafanaIdentitySettings } from '../caller.ts';

/** What stands for Grafana here: a key set over HTTP and tokens signed with its key, claims as Grafana 12.3.0 sends them. */
export interface TestGrafana {
  readonly settings: GrafanaIdentitySettings;
  /** Requests for the key set so far. */
  readonly fetches: () => number;
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

export async function startTestGrafana(): Promise<TestGrafana> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const publicJwk = { ...(await exportJWK(publicKey)), kid: KID, alg: 'ES256', use: 'sig' };
  let fetches = 0;
  const server = createServer((_req, res) => {
    fetches++;
    res.setHeader('Content-Type', 'application/json').end(JSON.stringify({ keys: [publicJwk] }));
  });
  const port = await listen(server);
  const issuer = 'http://grafana.example:3000';
  return {
    settings: { issuer, keysUrl: `http://127.0.0.1:${port}/api/signing-keys/keys`, orgs: [1, 7] },
    fetches: () => fetches,
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
