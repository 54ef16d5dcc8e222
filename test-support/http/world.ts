import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { createAuthenticator } from '@amc-reports/collector-service/engine/access/authenticate.ts';
import { createIdentityVerifier } from '@amc-reports/collector-service/engine/access/grafana-identity.ts';
import { startTestGrafana, type TestGrafana } from '../access/grafana.ts';
import { createTeamMembership } from '@amc-reports/collector-service/engine/access/teams.ts';
import { createToken } from '@amc-reports/collector-service/engine/access/tokens.ts';
import { ensureWorkspace } from '@amc-reports/collector-service/engine/access/workspaces.ts';
import { Catalogue } from '@amc-reports/collector-service/data/catalogue/catalogue.ts';
import { loadDatasets, SHIPPED_DATASETS } from '@amc-reports/collector-service/data/catalogue/load.ts';
import { readGrafanaToken } from '@amc-reports/collector-service/data/connect/grafana-token.ts';
import { Keyring } from '@amc-reports/collector-service/data/connect/keyring.ts';
import { createQueryCache } from '@amc-reports/collector-service/engine/query/index.ts';
import { migrate } from '@amc-reports/collector-service/data/store/migrate.ts';
import { openStore, type Store } from '@amc-reports/collector-service/data/store/store.ts';
import { createMigratedDatabase } from '../database.ts';
import { onlyDeclared } from './declared-errors.ts';
import type { HttpDeps } from '@amc-reports/collector-service/entry/http/deps.ts';
import { createHttpServer } from '@amc-reports/collector-service/entry/http/server.ts';

/** The calendar of these tests: weeks 2025-09-… to 2026-11-09 can be collected. */
export const NOW = new Date('2026-11-19T12:00:00Z');

/**
 * Two workspaces over one database and the real parts: north (instances n1, n2 and a Grafana) and south (instance s1, no Grafana).
 */
export interface World {
  readonly store: Store;
  readonly deps: HttpDeps;
  readonly url: string;
  readonly grafana: TestGrafana;
  /** Names of workspaces and AMC instances to our ids. */
  readonly ids: Record<'north' | 'south' | 'n1' | 'n2' | 's1', string>;
  /** all of north · only n1 · all of south · north, may act without a person */
  readonly tokens: Record<'north' | 'n1' | 'south' | 'editor', string>;
  /** Lines of the log so far. */
  readonly log: Record<string, unknown>[];
  /** What the next checks of connections throw. */
  amcError: Error | null;
  /** The clock by which teams are remembered, in milliseconds. */
  teamClock: () => number;
  readonly keyring: Keyring;
  request(path: string, options?: RequestOptions): Promise<Response>;
  close(): Promise<void>;
}

export interface RequestOptions {
  readonly method?: string;
  /** A token; none when null, north's when left out. */
  readonly token?: string | null;
  readonly identity?: string;
  readonly headers?: Record<string, string>;
  readonly json?: unknown;
  readonly body?: string | Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
}

export async function createWorld(overrides: Partial<HttpDeps> = {}): Promise<World> {
  const database = await createMigratedDatabase();
  const grafana = await startTestGrafana();
  const datasets = await loadDatasets([SHIPPED_DATASETS]);
  const log: Record<string, unknown>[] = [];
  const logger = pino({ level: 'trace' }, { write: (line: string) => void log.push(JSON.parse(line)) });
  const store = await openStore(database.url, { logger });
  await migrate(store, { datasets, logger });
  const catalogue = new Catalogue(datasets);

  const north = await ensureWorkspace(store.pool, 'north', { grafana: grafana.settings });
  const south = await ensureWorkspace(store.pool, 'south', { grafana: null });
  const ids = {
    north,
    south,
    n1: await addInstance(store, north, 'n1'),
    n2: await addInstance(store, north, 'n2'),
    s1: await addInstance(store, south, 's1'),
  };
  const tokens = {
    north: await createToken(store.pool, north, { name: 'all' }),
    n1: await createToken(store.pool, north, { name: 'n1 only', role: 'Editor', instances: ['n1'] }),
    south: await createToken(store.pool, south, { name: 'south', role: 'Editor' }),
    editor: await createToken(store.pool, north, { name: 'robot', role: 'Editor' }),
  };

  const keyring = Keyring.parse(randomBytes(32).toString('base64'), 'test');
  const world = { amcError: null as Error | null, teamClock: () => performance.now() };
  const deps: HttpDeps = {
    logger,
    version: '0.0.0-test',
    listen: { host: '127.0.0.1', port: 0 },
    store,
    catalogue,
    clock: () => NOW,
    spoolDirectory: tmpdir(),
    timeFactor: 1,
    cache: createQueryCache(),
    authenticator: createAuthenticator({
      pool: store.pool,
      verify: createIdentityVerifier(),
      teams: { includes: createTeamMembership(() => world.teamClock()), tokenOf: (id) => readGrafanaToken(store.pool, keyring, id) },
    }),
    checkConnection: async () => {
      if (world.amcError) throw world.amcError;
    },
    registry: new Registry(),
    ...overrides,
  };
  const server = createHttpServer(deps);
  const { url } = await server.listen();

  return Object.assign(world, {
    store,
    deps,
    url,
    grafana,
    ids,
    tokens,
    keyring,
    log,
    request: (path: string, options: RequestOptions = {}) => send(url, path, tokens.north, options),
    async close() {
      await server.close();
      await store.close();
      await grafana.close();
      await database.drop();
    },
  });
}

/** Also proves that a problem it gets is one that the route declares. */
async function send(url: string, path: string, defaultToken: string, options: RequestOptions): Promise<Response> {
  const { token = defaultToken, identity, headers, json, body, signal } = options;
  const content = json === undefined ? body : JSON.stringify(json);
  const method = options.method ?? (content === undefined ? 'GET' : 'POST');
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(token !== null && { authorization: `Bearer ${token}` }),
      ...(identity !== undefined && { 'x-grafana-id': identity }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(content !== undefined && { body: content }),
    ...(signal && { signal }),
    redirect: 'error',
  });
  return onlyDeclared(method, path, response);
}

async function addInstance(store: Store, workspaceId: string, name: string): Promise<string> {
  const { rows: connections } = await store.pool.query<{ id: string }>(
    `INSERT INTO connections (workspace_id, name, api_url, token_url, client_id, secret_key_id, secret_nonce, secret_ciphertext)
     VALUES ($1, $2, 'http://amc.example', 'http://token.example', 'client', 'k1', $3, $3) RETURNING id`,
    [workspaceId, `connection ${name}`, randomBytes(12)],
  );
  const { rows } = await store.pool.query<{ id: string }>(
    `INSERT INTO instances (workspace_id, connection_id, amc_instance_id, name, account_id, marketplace_id, time_zone, advertiser_types, currencies)
     VALUES ($1, $2, $3, $4, 'ENTITY1', 'ATVPDKIKX0DER', 'America/Los_Angeles', '{SPONSORED_ADS}', '{USD}') RETURNING id`,
    [workspaceId, connections[0]!.id, name, `Instance ${name}`],
  );
  return rows[0]!.id;
}

/** A query that the shipped catalogue answers. */
export const QUERY = { from: Date.parse('2026-10-01'), to: Date.parse('2026-11-01'), queries: [{ metrics: ['spend'], grain: 'week' }] };
