import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { createAuthenticator } from './access/authenticate.ts';
import { createIdentityVerifier } from './access/grafana-identity.ts';
import { ensureToken } from './access/tokens.ts';
import type { CollectDeps } from './collect/deps.ts';
import { DEFAULT_SETTINGS } from './collect/settings.ts';
import { runWorker } from './collect/worker.ts';
import type { Config } from './config.ts';
import { openFoundation, type Foundation, type FoundationOptions } from './foundation.ts';
import { answersOf } from './http/answering.ts';
import { collectingOf } from './http/collecting.ts';
import { createHttpServer } from './http/server.ts';
import type { QueryDeps } from './query/answer.ts';
import { createQueryCache } from './query/cache.ts';
import { VERSION } from './version.ts';

/** Which parts run in this process: everything, only the HTTP API, or only the collecting. Any number of workers may share a database. */
export const MODES = ['all', 'api', 'worker'] as const;
export type Mode = (typeof MODES)[number];

export interface Service extends Foundation {
  /** Where the HTTP API answers; undefined for a worker. */
  url: string | undefined;
  /** What the data source must present. */
  token: string;
  query: QueryDeps;
}

/** The composition root: builds the parts of a mode in order; the lifecycle stops them in reverse. */
export async function startService(options: FoundationOptions & { mode: Mode }): Promise<Service> {
  const foundation = await openFoundation(options);
  const { config, logger, store, catalogue, clock, workspaceId } = foundation;
  const token = config.collectorToken ?? keptToken(config.dataDir);
  await ensureToken(store.pool, workspaceId, { name: 'grafana', token });
  const query: QueryDeps = { store, catalogue, clock, cache: createQueryCache(), logger };

  // The API first: while Amazon is asked about the instances, health already says so.
  const url = options.mode === 'worker' ? undefined : await startApi(foundation, query, options);
  options.onStep?.('Asking Amazon about the instances');
  await foundation.provision(options.signal);
  if (options.mode !== 'api') startCollecting(foundation, options);
  return { ...foundation, url, token, query };
}

function startCollecting(foundation: Foundation, { lifecycle }: FoundationOptions): void {
  const stop = new AbortController();
  const running = runWorker(collectDeps(foundation), stop.signal);
  // A worker ends only when told to; anything else is a bug that must not be survived in silence.
  running.catch((error: unknown) => {
    foundation.logger.fatal({ err: error }, 'The worker ended');
    process.exitCode = 1;
    process.kill(process.pid, 'SIGTERM');
  });
  lifecycle.started('worker', async () => {
    stop.abort();
    await running;
  });
}

export function collectDeps({ config, store, catalogue, clients, clock, logger }: Foundation): CollectDeps {
  const spoolDirectory = join(config.dataDir, 'spool');
  mkdirSync(spoolDirectory, { recursive: true, mode: 0o700 });
  return {
    store,
    catalogue,
    amc: (connectionId) => clients.forConnection(connectionId),
    clock,
    logger,
    spoolDirectory,
    settings: {
      ...DEFAULT_SETTINGS,
      timeFactor: config.timeFactor,
      instanceLimit: config.instanceConcurrency,
      accountLimit: config.accountConcurrency,
    },
  };
}

async function startApi(foundation: Foundation, query: QueryDeps, { lifecycle }: FoundationOptions): Promise<string> {
  const { config, logger, store, clients } = foundation;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const server = createHttpServer({
    logger,
    version: VERSION,
    listen: { host: config.host, port: config.port },
    pool: store.pool,
    authenticator: createAuthenticator({ pool: store.pool, verify: createIdentityVerifier() }),
    answers: answersOf(query),
    collections: collectingOf(foundation),
    checkConnection: async (connectionId, signal) => (await clients.forConnection(connectionId)).authorize(signal),
    registry,
  });
  const { url } = await server.listen();
  lifecycle.started('HTTP API', () => server.close());
  return url;
}

/** The data source's token when none is configured: made once, readable by its owner only. */
function keptToken(dataDir: Config['dataDir']): string {
  const path = join(dataDir, 'collector.token');
  if (existsSync(path)) return readFileSync(path, 'utf8').trim();
  const token = `amcr_${randomBytes(32).toString('base64url')}`;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(path, `${token}\n`, { mode: 0o600, flag: 'wx' });
  return token;
}
